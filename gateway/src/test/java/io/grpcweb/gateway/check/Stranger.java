package io.grpcweb.gateway.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server that says one thing to whoever connects, and perhaps closes; it is no gRPC server. */
final class Stranger implements AutoCloseable {
    private final ServerSocket server;
    private final List<Socket> open = new CopyOnWriteArrayList<>();

    /** @param words are said at once; without any the connection stays open in silence */
    Stranger(String words, boolean closes) {
        try {
            server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread thread = new Thread(() -> serve(words, closes), "stranger");
        thread.setDaemon(true);
        thread.start();
    }

    private void serve(String words, boolean closes) {
        try {
            while (true) {
                Socket socket = server.accept();
                open.add(socket);
                socket.getOutputStream().write(words.getBytes(StandardCharsets.ISO_8859_1));
                if (closes) {
                    socket.close();
                }
            }
        } catch (IOException e) {
            // Closed: nobody is served any more.
            return;
        }
    }

    int port() {
        return server.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
