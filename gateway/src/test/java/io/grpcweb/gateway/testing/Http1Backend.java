package io.grpcweb.gateway.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A backend that speaks HTTP/1.1 with keep-alive, answers as a test says, and keeps what it was asked. */
public final class Http1Backend implements AutoCloseable {
    public static final String OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

    private final ServerSocket server;
    private final Function<Request, String> answers;
    private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
    private final List<Socket> connections = new CopyOnWriteArrayList<>();

    /** A request: its first line, its header as it came, its body, and the lines of trailers behind the last chunk. */
    public record Request(int connection, String line, String head, String body, List<String> trailers) {
        public String path() {
            return line.split(" ", -1)[1];
        }

        /** The value of a field; null for none. */
        public String field(String name) {
            for (String field : head.split("\r\n", -1)) {
                if (field.toLowerCase(Locale.ROOT).startsWith(name + ":")) {
                    return field.substring(name.length() + 1).strip();
                }
            }
            return null;
        }
    }

    public Http1Backend() {
        this(request -> OK);
    }

    /** An answer that is empty is never sent. */
    public Http1Backend(Function<Request, String> answers) {
        this(listening(), answers);
    }

    public Http1Backend(ServerSocket server, Function<Request, String> answers) {
        this.server = server;
        this.answers = answers;
        start(this::accept);
    }

    private static ServerSocket listening() {
        try {
            return new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "wire-http1-backend");
        thread.setDaemon(true);
        thread.start();
    }

    public int port() {
        return server.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                int number = connections.size();
                connections.add(socket);
                start(() -> serve(socket, number));
            }
        } catch (IOException e) {
            // Closed: nothing more is to be accepted.
            return;
        }
    }

    private void serve(Socket socket, int number) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            String head = head(in);
            while (!head.isEmpty()) {
                int end = head.indexOf("\r\n");
                List<String> trailers = new ArrayList<>();
                Request start = new Request(number, head.substring(0, end), head.substring(end + 2), "", trailers);
                Request request = new Request(number, start.line, start.head, body(in, start), trailers);
                requests.add(request);
                String answer = answers.apply(request);
                socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
                socket.getOutputStream().flush();
                head = head(in);
            }
        } catch (IOException e) {
            // The gateway has gone, or does not like our certificate.
            return;
        }
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        for (int octet = in.read(); octet >= 0; octet = in.read()) {
            head.write(octet);
            if (octet == '\n' && head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                return head.toString(StandardCharsets.ISO_8859_1);
            }
        }
        return "";
    }

    private static String body(InputStream in, Request request) throws IOException {
        String length = request.field("content-length");
        if (length != null) {
            return new String(in.readNBytes(Integer.parseInt(length)), StandardCharsets.ISO_8859_1);
        }
        StringBuilder body = new StringBuilder();
        if ("chunked".equals(request.field("transfer-encoding"))) {
            for (int size = chunk(in); size > 0; size = chunk(in)) {
                body.append(new String(in.readNBytes(size), StandardCharsets.ISO_8859_1));
                in.readNBytes(2);
            }
            for (String line = line(in); !line.isEmpty(); line = line(in)) {
                request.trailers.add(line);
            }
        }
        return body.toString();
    }

    private static int chunk(InputStream in) throws IOException {
        return Integer.parseInt(line(in), 16);
    }

    /** Without its CRLF. */
    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
            if (octet < 0) {
                throw new EOFException("in the middle of a body");
            }
            line.append((char) octet);
        }
        return line.toString().strip();
    }

    /** The next request; waits for it. */
    public Request next() {
        try {
            Request request = requests.poll(Http2Peer.PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
            if (request == null) {
                throw new AssertionError("no request came");
            }
            return request;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    public boolean wasAsked() {
        return !requests.isEmpty();
    }

    /** Ends all connections. */
    public void disconnect() {
        try {
            for (Socket socket : connections) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Connections that were accepted, the ended ones too. */
    public List<Socket> connections() {
        return connections;
    }

    @Override
    public void close() {
        try {
            server.close();
            disconnect();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
