package io.grpcweb.gateway.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** Stands between the gateway and a backend, and can fall silent as a network does: nothing passes, nothing is closed. */
public final class Relay implements AutoCloseable {
    private final ServerSocket server;
    private final String host;
    private final int port;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicLong left = new AtomicLong(Long.MAX_VALUE);
    private volatile boolean silent;

    public Relay(int port) {
        this("127.0.0.1", port);
    }

    Relay(String host, int port) {
        this.host = host;
        this.port = port;
        try {
            server = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.execute(this::accept);
    }

    public String address() {
        return "127.0.0.1:" + server.getLocalPort();
    }

    /** From now on nothing passes, and what came is lost. */
    public void fallSilent() {
        silent = true;
    }

    /** New connections pass again. */
    void speakAgain() {
        silent = false;
    }

    /** After so many more bytes of the backend everything that is open breaks off, as when a process is killed. */
    public void breakAfter(int bytes) {
        left.set(bytes);
    }

    private void accept() {
        try {
            while (true) {
                Socket front = server.accept();
                Socket back = new Socket(host, port);
                front.setTcpNoDelay(true);
                back.setTcpNoDelay(true);
                sockets.add(front);
                sockets.add(back);
                boolean lost = silent;
                threads.execute(() -> pass(front, back, lost, new AtomicLong(Long.MAX_VALUE)));
                threads.execute(() -> pass(back, front, lost, left));
            }
        } catch (IOException e) {
            // Closed, or the backend is gone.
            return;
        }
    }

    private void pass(Socket from, Socket to, boolean lost, AtomicLong budget) {
        boolean passes = !lost;
        byte[] bytes = new byte[16 * 1024];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
                passes &= !silent;
                if (passes) {
                    out.write(bytes, 0, (int) Math.min(n, budget.get()));
                }
                if (budget.addAndGet(-n) <= 0) {
                    budget.set(Long.MAX_VALUE);
                    to.setSoLinger(true, 0);
                    to.close();
                    from.close();
                    return;
                }
            }
            if (passes) {
                to.shutdownOutput();
            }
        } catch (IOException e) {
            // One side has closed.
            return;
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.shutdownNow();
    }
}
