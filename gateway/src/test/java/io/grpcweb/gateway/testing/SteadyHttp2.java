package io.grpcweb.gateway.testing;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Calls one after the other on one HTTP/2 connection, and on the next one as soon as the gateway has sent a GOAWAY. */
public final class SteadyHttp2 implements AutoCloseable {
    private final int port;
    private final String path;
    private final AtomicInteger count = new AtomicInteger();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final Thread thread = new Thread(this::callOften, "steady-http2");
    private volatile boolean ended;

    /** Begins at once. */
    public SteadyHttp2(int port, String path) {
        this.port = port;
        this.path = path;
        thread.setDaemon(true);
        thread.start();
    }

    private void callOften() {
        Http2Browser browser = new Http2Browser(port);
        try {
            while (!ended) {
                if (browser.peer().goAwayLast() >= 0) {
                    browser.close();
                    browser = new Http2Browser(port);
                }
                count.incrementAndGet();
                BrowserCall call = browser.call(path, "content-type", "application/grpc-web+proto");
                call.send(Frames.F3);
                call.end();
                Answer answer = call.answer();
                if (answer.status() != 200 || !answer.text().contains("grpc-status:0")) {
                    failures.add(answer.toString());
                }
            }
        } catch (RuntimeException | AssertionError e) {
            failures.add(e.toString());
        } finally {
            browser.close();
        }
    }

    /** How many calls have begun. */
    public int count() {
        return count.get();
    }

    /** Waits for the last call; what went wrong. */
    public List<String> end() throws InterruptedException {
        ended = true;
        thread.join();
        return List.copyOf(failures);
    }

    @Override
    public void close() {
        ended = true;
    }
}
