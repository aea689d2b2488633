package io.grpcweb.sample;

import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The caller's end of a stream: takes messages one by one and says how it ended. */
final class Inbox<Q, A> implements ClientResponseObserver<Q, A> {
    private final BlockingQueue<A> messages = new LinkedBlockingQueue<>();
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private ClientCallStreamObserver<Q> call;

    @Override
    public void beforeStart(ClientCallStreamObserver<Q> requests) {
        call = requests;
    }

    @Override
    public void onNext(A message) {
        messages.add(message);
    }

    @Override
    public void onError(Throwable problem) {
        end.completeExceptionally(problem);
    }

    @Override
    public void onCompleted() {
        end.complete(null);
    }

    void cancel() {
        call.cancel("no longer wanted", null);
    }

    A next() throws InterruptedException {
        A message = messages.poll(5, TimeUnit.SECONDS);
        if (message == null) {
            throw new AssertionError("no message within 5 s; the end: " + end);
        }
        return message;
    }

    /** Waits for the end; the messages that nobody took. */
    List<A> rest() throws Exception {
        end.get(5, TimeUnit.SECONDS);
        List<A> rest = new ArrayList<>();
        messages.drainTo(rest);
        return rest;
    }
}
