package io.grpcweb.gateway.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A backend of whatever protocol: a test says what it does with each connection, which is closed behind that. */
public final class RawBackend implements AutoCloseable {
    private final ServerSocket server;
    private final Talk talk;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();

    /** What is done with a connection. */
    @FunctionalInterface
    public interface Talk {
        void with(Socket socket) throws IOException, InterruptedException;
    }

    public RawBackend(Talk talk) throws IOException {
        this(new ServerSocket(0, 64, InetAddress.getLoopbackAddress()), talk);
    }

    public RawBackend(ServerSocket server, Talk talk) {
        this.server = server;
        this.talk = talk;
        threads.execute(this::accept);
    }

    /** Sends back what comes; when nothing more does, says so and closes. */
    public static RawBackend echo() throws IOException {
        return new RawBackend(socket -> {
            socket.getInputStream().transferTo(socket.getOutputStream());
            socket.getOutputStream().write("bye".getBytes(StandardCharsets.US_ASCII));
        });
    }

    public int port() {
        return server.getLocalPort();
    }

    /** How many connections have come. */
    public int connections() {
        return sockets.size();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                sockets.add(socket);
                threads.execute(() -> serve(socket));
            }
        } catch (IOException e) {
            // Closed: the test is over.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            talk.with(socket);
        } catch (IOException e) {
            // The gateway has closed it, which the test sees at its other end.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
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
