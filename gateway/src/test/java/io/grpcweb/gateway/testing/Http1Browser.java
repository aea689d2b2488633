package io.grpcweb.gateway.testing;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** HTTP/1.1 over a plain socket, byte by byte. */
public final class Http1Browser implements Browser {
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    public Http1Browser(int port) {
        this(connected(port, 0));
    }

    public Http1Browser(Socket socket) {
        try {
            this.socket = socket;
            patient();
            socket.setTcpNoDelay(true);
            in = new BufferedInputStream(socket.getInputStream());
            out = socket.getOutputStream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A connection with a receive buffer of this size; 0 for the system's. */
    public static Socket connected(int port, int receiveBuffer) {
        try {
            Socket socket = new Socket();
            if (receiveBuffer > 0) {
                socket.setReceiveBufferSize(receiveBuffer);
            }
            socket.connect(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public BrowserCall call(String path, String... fields) {
        StringBuilder head = new StringBuilder("POST ")
                .append(path)
                .append(" HTTP/1.1\r\nHost: gateway.test\r\nTransfer-Encoding: chunked\r\n");
        for (Answer.Field field : Browser.fields(fields)) {
            head.append(field.name()).append(": ").append(field.value()).append("\r\n");
        }
        raw(head + "\r\n");
        return new Call();
    }

    /** These characters as they are. */
    public void raw(String text) {
        raw(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public void raw(byte[] bytes) {
        try {
            out.write(bytes);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends a request without a body and reads its whole answer. */
    public Answer ask(String method, String target, String... fields) {
        StringBuilder head = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
        List<Answer.Field> given = Browser.fields(fields);
        if (given.stream().noneMatch(field -> field.name().equals("host"))) {
            head.append("host: gateway.test\r\n");
        }
        given.forEach(field ->
                head.append(field.name()).append(": ").append(field.value()).append("\r\n"));
        raw(head + "\r\n");
        return next().readAll();
    }

    /** The same on a connection of its own. */
    public static Answer once(int port, String method, String target, String... fields) {
        try (Http1Browser browser = new Http1Browser(port)) {
            return browser.ask(method, target, fields);
        }
    }

    /** The next answer on this connection. */
    public Http1Answer next() {
        return new Http1Answer(in);
    }

    /** The next bytes, of a connection that has left HTTP; fewer where it ends before. */
    public byte[] bytes(int count) {
        try {
            return in.readNBytes(count);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether the gateway ends the connection; waits for it. */
    public boolean isEnded() {
        try {
            return in.read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    /** Whether nothing comes for some time, not even the end. */
    public boolean isStillFor(int millis) {
        try {
            socket.setSoTimeout(millis);
            in.read();
            return false;
        } catch (SocketTimeoutException e) {
            return true;
        } catch (IOException e) {
            return false;
        } finally {
            patient();
        }
    }

    private void patient() {
        try {
            socket.setSoTimeout(Http2Peer.PATIENCE_MILLIS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private final class Call implements BrowserCall {
        private Http1Answer answer;

        @Override
        public void send(byte[] part) {
            byte[] size = (Integer.toHexString(part.length) + "\r\n").getBytes(StandardCharsets.US_ASCII);
            raw(Frames.concat(size, part, new byte[] {'\r', '\n'}));
        }

        @Override
        public void end() {
            raw("0\r\n\r\n");
        }

        @Override
        public void cancel() {
            close();
        }

        private Http1Answer begun() {
            if (answer == null) {
                answer = next();
                answer.readHead();
            }
            return answer;
        }

        @Override
        public int status() {
            return begun().status();
        }

        @Override
        public byte[] body(int bytes) {
            return begun().readBody(bytes);
        }

        @Override
        public Answer answer() {
            return begun().readAll();
        }
    }
}
