package io.grpcweb.gateway.testing;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Calls over HTTP/1.1 one after the other, each on a connection of its own; on some threads. */
public final class NewConnections implements AutoCloseable {
    private final int port;
    private final String path;
    private final AtomicInteger count = new AtomicInteger();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean ended;

    /** Begins at once. */
    public NewConnections(int port, String path, int threads) {
        this.port = port;
        this.path = path;
        for (int i = 0; i < threads; i++) {
            Thread thread = new Thread(this::callOften, "new-connections");
            thread.setDaemon(true);
            thread.start();
            this.threads.add(thread);
        }
    }

    private void callOften() {
        while (!ended) {
            count.incrementAndGet();
            try (Http1Browser browser = new Http1Browser(port)) {
                BrowserCall call = browser.call(path, "content-type", "application/grpc-web+proto");
                call.send(Frames.F3);
                call.end();
                Answer answer = call.answer();
                if (answer.status() != 200
                        || answer.end() != Answer.End.CLEAN
                        || !answer.text().contains("grpc-status:0")) {
                    failures.add(answer.toString());
                }
            } catch (UncheckedIOException | AssertionError e) {
                failures.add(e.toString());
            }
        }
    }

    /** How many calls have begun. */
    public int count() {
        return count.get();
    }

    /** Waits for the last calls; what went wrong. */
    public List<String> end() throws InterruptedException {
        ended = true;
        for (Thread thread : threads) {
            thread.join();
        }
        return List.copyOf(failures);
    }

    @Override
    public void close() {
        ended = true;
    }
}
