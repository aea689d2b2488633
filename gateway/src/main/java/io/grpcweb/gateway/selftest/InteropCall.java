package io.grpcweb.gateway.selftest;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A call at the backend. Responses leave in the order in which they were asked for, each after its delay from the one before; the call
 * ends behind the last one, when the caller has said that nothing follows.
 */
abstract class InteropCall extends ServerCall.Listener<byte[]> {
    /** What is sent back in the head, and in the trailers, if the call has it. */
    static final String ECHO_INITIAL = "x-grpc-test-echo-initial";

    static final String ECHO_TRAILING = "x-grpc-test-echo-trailing-bin";

    private static final Metadata.Key<String> INITIAL = Metadata.Key.of(ECHO_INITIAL, Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<byte[]> TRAILING =
            Metadata.Key.of(ECHO_TRAILING, Metadata.BINARY_BYTE_MARSHALLER);

    private final ServerCall<byte[], byte[]> call;
    private final ScheduledExecutorService timer;
    private final Metadata trailers = new Metadata();
    private long laterMicros;
    private int waiting;
    private boolean headSent;
    private boolean ended;
    private boolean over;
    private final Metadata answer = new Metadata();

    InteropCall(ServerCall<byte[], byte[]> call, Metadata head, ScheduledExecutorService timer) {
        this.call = call;
        this.timer = timer;
        if (head.containsKey(INITIAL)) {
            answer.put(INITIAL, head.get(INITIAL));
        }
        if (head.containsKey(TRAILING)) {
            trailers.put(TRAILING, head.get(TRAILING));
        }
        call.request(1);
    }

    /** A message of the caller. */
    abstract void received(byte[] message) throws InvalidProtocolBufferException;

    /** No more of them follow. */
    void halfClosed() {
        // Most have answered by now.
    }

    @Override
    public final synchronized void onMessage(byte[] message) {
        try {
            received(message);
        } catch (InvalidProtocolBufferException e) {
            finish(Status.Code.INVALID_ARGUMENT.value(), e.getMessage());
        }
        if (!over) {
            call.request(1);
        }
    }

    @Override
    public final synchronized void onHalfClose() {
        halfClosed();
        ended = true;
        finishIfDone();
    }

    @Override
    public final synchronized void onCancel() {
        over = true;
    }

    final void respond(byte[] message, long delayMicros) {
        waiting++;
        laterMicros += delayMicros;
        if (laterMicros == 0) {
            send(message);
        } else {
            timer.schedule(() -> send(message), laterMicros, TimeUnit.MICROSECONDS);
        }
    }

    private synchronized void send(byte[] message) {
        if (over) {
            return;
        }
        head();
        call.sendMessage(message);
        if (--waiting == 0) {
            laterMicros = 0;
        }
        finishIfDone();
    }

    private void head() {
        if (!headSent) {
            headSent = true;
            call.sendHeaders(answer);
        }
    }

    private void finishIfDone() {
        if (ended && waiting == 0 && !over) {
            head();
            finish(Status.Code.OK.value(), null);
        }
    }

    final void finish(int code, String message) {
        if (!over) {
            over = true;
            call.close(Status.fromCodeValue(code).withDescription(message), trailers);
        }
    }
}
