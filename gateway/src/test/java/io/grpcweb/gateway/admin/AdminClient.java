package io.grpcweb.gateway.admin;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Sends bytes to the admin listener and reads until it closes. */
final class AdminClient {
    private final InetSocketAddress address;

    AdminClient(InetSocketAddress address) {
        this.address = address;
    }

    /** Status line, fields and body as one text. */
    String get(String path) throws IOException {
        return ask("GET " + path + " HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n");
    }

    String post(String path, String... fields) throws IOException {
        StringBuilder request = new StringBuilder("POST " + path + " HTTP/1.1\r\nconnection: close\r\n");
        for (String field : fields) {
            request.append(field).append("\r\n");
        }
        return ask(request + "content-length: 0\r\n\r\n");
    }

    String ask(String request) throws IOException {
        try (Socket socket = open()) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    Socket open() throws IOException {
        Socket socket = new Socket(address.getAddress(), address.getPort());
        socket.setSoTimeout(10_000);
        return socket;
    }

    static String body(String answer) {
        return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    }
}
