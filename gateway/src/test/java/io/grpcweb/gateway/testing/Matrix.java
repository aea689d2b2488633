package io.grpcweb.gateway.testing;

import io.grpcweb.gateway.config.ErrorFormat;
import io.grpcweb.gateway.runtime.RunningGateway;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** A gateway of each error format in front of one scripted backend, and calls of any shape through them. */
public final class Matrix implements AutoCloseable {
    private final ScriptedBackend backend = new ScriptedBackend();
    private final Map<ErrorFormat, RunningGateway> gateways = new EnumMap<>(ErrorFormat.class);
    private final AtomicInteger calls = new AtomicInteger();

    Matrix() {
        for (ErrorFormat format : ErrorFormat.values()) {
            gateways.put(format, RunningGateway.of(Setup.of(format, backend.port())));
        }
        // The first call of all loads classes, which takes longer than some deadlines.
        for (Shape shape : Shape.all()) {
            try (Call call = begin(shape, seen -> seen.trailersOnly("grpc-status", "0"))) {
                shape.sendAll(call.browser());
                call.browser().answer();
            }
        }
    }

    /** Sends the head of a call; the script is the backend's part in it. */
    public Call begin(Shape shape, Script script, String... fields) {
        String path = "/matrix.Service/Call" + calls.incrementAndGet();
        CompletableFuture<BackendCall> arrived = new CompletableFuture<>();
        backend.on(path, seen -> {
            arrived.complete(seen);
            script.run(seen);
        });
        Browser browser =
                Browser.connect(shape.http(), gateways.get(shape.format()).port());
        return new Call(shape, browser, shape.begin(browser, path, fields), arrived);
    }

    /** Sends a whole request and waits for the answer. */
    public Answer whole(Shape shape, Script script) {
        try (Call call = begin(shape, script)) {
            shape.sendAll(call.browser());
            return call.browser().answer();
        }
    }

    @Override
    public void close() {
        gateways.values().forEach(RunningGateway::close);
        backend.close();
    }

    /** A call under way, seen from both ends. */
    public record Call(Shape shape, Browser connection, BrowserCall browser, CompletableFuture<BackendCall> arrived)
            implements AutoCloseable {

        /** Sends the first message, and ends the request where it has no more. */
        public Call sendFirst() {
            browser.send(shape.encode(shape.requests().get(0)));
            if (shape.requests().size() == 1) {
                browser.end();
            }
            return this;
        }

        /** Waits for the call to arrive at the backend. */
        public BackendCall backend() {
            try {
                return arrived.get(Http2Peer.PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
            } catch (InterruptedException | ExecutionException | TimeoutException e) {
                throw new AssertionError("no call came", e);
            }
        }

        @Override
        public void close() {
            connection.close();
        }
    }
}
