package io.grpcweb.gateway.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A gRPC backend that does what a test says, frame by frame, and keeps what it saw. */
public final class ScriptedBackend implements AutoCloseable {
    private final ServerSocket server;
    private final int[] settings;
    private final Map<String, Script> scripts = new ConcurrentHashMap<>();
    private final BlockingQueue<BackendCall> calls = new LinkedBlockingQueue<>();
    private final List<Http2Peer> connections = new CopyOnWriteArrayList<>();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "wire-script");
        thread.setDaemon(true);
        return thread;
    });

    /** Listens on a free port; settings are identifiers and values in turn. */
    public ScriptedBackend(int... settings) {
        this(listening(), settings);
    }

    public ScriptedBackend(ServerSocket server, int... settings) {
        this.server = server;
        this.settings = settings.clone();
        threads.execute(this::accept);
    }

    private static ServerSocket listening() {
        try {
            return new ServerSocket(0, 256, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return server.getLocalPort();
    }

    /** What is done with calls of a path. */
    public ScriptedBackend on(String path, Script script) {
        scripts.put(path, script);
        return this;
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                threads.execute(() -> connections.add(new Http2Peer(socket, false, this::begin, settings)));
            }
        } catch (IOException e) {
            // Closed: nothing more is to be accepted.
            return;
        }
    }

    private void begin(Http2Exchange exchange) {
        BackendCall call = new BackendCall(exchange);
        Script script = scripts.get(call.path());
        calls.add(call);
        threads.execute(() -> {
            try {
                if (script == null) {
                    call.trailersOnly("grpc-status", "12", "grpc-message", "no script");
                } else {
                    script.run(call);
                }
            } catch (Exception | AssertionError e) {
                failures.add(e);
            }
        });
    }

    /** The next call that has come; waits for it. */
    public BackendCall next() {
        try {
            BackendCall call = calls.poll(Http2Peer.PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
            if (call == null) {
                throw new AssertionError("no call came");
            }
            return call;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Calls that nobody has asked for with {@link #next}. */
    public List<BackendCall> others() {
        List<BackendCall> all = new ArrayList<>();
        calls.drainTo(all);
        return all;
    }

    /** Connections that were accepted, the ended ones too. */
    public List<Http2Peer> connections() {
        return connections;
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        connections.forEach(Http2Peer::close);
        // A script that waits for its call to be over sees the end of the connection; only one that is stuck is
        // interrupted.
        threads.shutdown();
        try {
            threads.awaitTermination(Http2Peer.PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        threads.shutdownNow();
        if (!failures.isEmpty()) {
            AssertionError failed = new AssertionError("a script failed: " + failures.get(0));
            failures.forEach(failed::addSuppressed);
            throw failed;
        }
    }
}
