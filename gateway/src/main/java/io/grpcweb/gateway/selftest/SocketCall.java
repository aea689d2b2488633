package io.grpcweb.gateway.selftest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;

/** A call as a WebSocket of its own, with streams both ways: the subprotocol {@code grpc-websockets}. */
final class SocketCall implements WebCall {
    private static final byte[] DATA = {0};
    private static final byte[] HALF_CLOSE = {1};

    private final Incoming incoming = new Incoming();
    private final FrameReader frames = new FrameReader(incoming);
    private final WebSocket socket;
    private Map<String, String> head;
    private Map<String, String> trailers;

    SocketCall(HttpClient client, URI uri, Map<String, String> fields) throws IOException {
        StringBuilder block = new StringBuilder("content-type: application/grpc-web+proto\r\nx-grpc-web: 1\r\n");
        fields.forEach(
                (name, value) -> block.append(name).append(": ").append(value).append("\r\n"));
        try {
            socket = client.newWebSocketBuilder()
                    .subprotocols("grpc-websockets")
                    .header("origin", Caller.ORIGIN)
                    .buildAsync(uri, incoming)
                    .join();
        } catch (CompletionException e) {
            throw new IOException("no WebSocket: " + e.getCause(), e);
        }
        write(block.toString().getBytes(StandardCharsets.US_ASCII));
    }

    private void write(byte[]... parts) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        try {
            socket.sendBinary(ByteBuffer.wrap(all.toByteArray()), true).join();
        } catch (CompletionException e) {
            throw new IOException("the WebSocket has ended: " + e.getCause(), e);
        }
    }

    @Override
    public void send(byte[] message) throws IOException {
        write(DATA, FrameReader.framed(message));
    }

    @Override
    public void end() throws IOException {
        write(HALF_CLOSE);
    }

    @Override
    public byte[] next() throws IOException {
        head();
        if (trailers != null) {
            return null;
        }
        FrameReader.Frame frame = frames.next();
        if (frame == null) {
            throw new IOException("the WebSocket ends without a status");
        }
        trailers = frame.fields();
        return frame.message();
    }

    @Override
    public Map<String, String> head() throws IOException {
        if (head == null) {
            FrameReader.Frame frame = frames.next();
            if (frame == null || frame.fields() == null) {
                throw new IOException("the response does not begin with its head");
            }
            head = frame.fields();
            // A response without messages is its trailers alone.
            trailers = head.containsKey("grpc-status") ? head : null;
        }
        return head;
    }

    @Override
    public Map<String, String> trailers() {
        return trailers;
    }

    @Override
    public void close() {
        socket.abort();
    }

    /** The messages of the WebSocket, one behind the other. */
    private static final class Incoming extends InputStream implements WebSocket.Listener {
        private static final byte[] END = {};

        private final BlockingQueue<byte[]> parts = new LinkedBlockingQueue<>();
        private byte[] part = {};
        private int at;
        private boolean over;

        @Override
        public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
            byte[] bytes = new byte[data.remaining()];
            data.get(bytes);
            if (bytes.length > 0) {
                parts.add(bytes);
            }
            from.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket from, int status, String reason) {
            parts.add(END);
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable failure) {
            parts.add(END);
        }

        @Override
        public int read() throws IOException {
            while (at == part.length) {
                if (over) {
                    return -1;
                }
                try {
                    part = parts.take();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IOException("given up", e);
                }
                at = 0;
                over = part.length == 0;
            }
            return part[at++] & 0xff;
        }
    }
}
