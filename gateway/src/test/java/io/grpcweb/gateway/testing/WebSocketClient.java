package io.grpcweb.gateway.testing;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** A client of a WebSocket over HTTP/1.1 or HTTP/2, frame by frame (RFC 6455 section 5). */
public final class WebSocketClient implements AutoCloseable {
    public static final String ONE_CALL = "grpc-websockets";
    public static final String MULTIPLEXED = "grpc-websockets-multiplex";

    /** Of the example in RFC 6455 section 1.3. */
    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

    public static final int CONTINUATION = 0;
    public static final int TEXT = 1;
    public static final int BINARY = 2;
    public static final int CLOSE = 8;
    public static final int PING = 9;
    public static final int PONG = 10;
    public static final int FIN = 0x80;

    /** RSV1: the message is deflated (RFC 7692 section 6). */
    public static final int DEFLATED = 0x40;

    private static final int MASKED = 0x80;
    private static final byte[] MASK = {0x11, 0x22, 0x33, 0x44};

    private final Wire wire;
    private final Http2Exchange exchange;
    private final String extensions;

    /** A frame of the gateway's. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Frame(int opcode, boolean deflated, byte[] payload) {

        /** What Close says; 1005 where it says nothing. */
        public int status() {
            return payload.length < 2 ? 1005 : (payload[0] & 0xff) << 8 | payload[1] & 0xff;
        }

        public String text() {
            return new String(payload, StandardCharsets.ISO_8859_1);
        }
    }

    private interface Wire {
        void write(byte[] bytes);

        /** The next bytes; fewer where the WebSocket ends before. */
        byte[] read(int count);

        void close();
    }

    private WebSocketClient(Wire wire, Http2Exchange exchange, CharSequence extensions) {
        this.wire = wire;
        this.exchange = exchange;
        this.extensions = extensions == null ? null : extensions.toString();
    }

    /** The extensions that were agreed on; null where there is none. */
    public String extensions() {
        return extensions;
    }

    /** Its stream; null over HTTP/1.1. */
    public Http2Exchange exchange() {
        return exchange;
    }

    /** What a browser sends to open a WebSocket, as names and values in turn, and these fields. */
    public static String[] handshake(String subprotocol, String... more) {
        String[] usual = {
            "upgrade",
            "websocket",
            "connection",
            "Upgrade",
            "sec-websocket-version",
            "13",
            "sec-websocket-key",
            KEY,
            "sec-websocket-protocol",
            subprotocol
        };
        return Stream.of(usual, more).flatMap(Arrays::stream).toArray(String[]::new);
    }

    /** Opens one; a handshake that fails is an error. */
    public static WebSocketClient open(int httpVersion, int port, String path, String subprotocol, String... more) {
        return httpVersion == 1
                ? over(new Http1Browser(port), path, subprotocol, more)
                : over(new Http2Browser(port), path, subprotocol, more);
    }

    public static WebSocketClient over(Http1Browser browser, String path, String subprotocol, String... more) {
        Answer answer = browser.ask("GET", path, handshake(subprotocol, more));
        if (answer.status() != 101 || !"s3pPLMBiTxaQ9kYGzzhZRbK+xOo=".equals(answer.header("sec-websocket-accept"))) {
            throw new AssertionError("no WebSocket: " + answer);
        }
        assertChosen(subprotocol, answer.header("sec-websocket-protocol"));
        return new WebSocketClient(
                new Wire() {
                    @Override
                    public void write(byte[] bytes) {
                        browser.raw(bytes);
                    }

                    @Override
                    public byte[] read(int count) {
                        return browser.bytes(count);
                    }

                    @Override
                    public void close() {
                        browser.close();
                    }
                },
                null,
                answer.header("sec-websocket-extensions"));
    }

    /** By extended CONNECT (RFC 8441). */
    public static WebSocketClient over(Http2Browser browser, String path, String subprotocol, String... more) {
        List<String> fields = List.of(":method", "CONNECT", ":protocol", "websocket", "sec-websocket-version", "13");
        String[] all = Stream.of(fields.stream(), Stream.of("sec-websocket-protocol", subprotocol), Arrays.stream(more))
                .flatMap(one -> one)
                .toArray(String[]::new);
        Http2Browser.Call call = browser.call(path, all);
        if (call.status() != 200) {
            throw new AssertionError("no WebSocket: " + call.status());
        }
        assertChosen(subprotocol, call.exchange().head().get("sec-websocket-protocol"));
        return new WebSocketClient(
                new Wire() {
                    private int taken;

                    @Override
                    public void write(byte[] bytes) {
                        call.send(bytes);
                    }

                    @Override
                    public byte[] read(int count) {
                        call.exchange()
                                .peer()
                                .await(
                                        count + " bytes",
                                        () -> call.exchange().received() >= taken + count
                                                || call.exchange().isEnded()
                                                || call.exchange().resetCode() >= 0
                                                || call.exchange().peer().isGone());
                        byte[] all = call.exchange().body();
                        byte[] next = Arrays.copyOfRange(all, taken, Math.min(all.length, taken + count));
                        taken += next.length;
                        return next;
                    }

                    @Override
                    public void close() {
                        browser.close();
                    }
                },
                call.exchange(),
                call.exchange().head().get("sec-websocket-extensions"));
    }

    private static void assertChosen(String offered, CharSequence chosen) {
        if (chosen == null || !offered.startsWith(chosen.toString())) {
            throw new AssertionError(offered + " was offered, and chosen was " + chosen);
        }
    }

    // To the gateway.

    /** A binary message of these parts. */
    public WebSocketClient send(byte[]... parts) {
        return frame(FIN | BINARY, Frames.concat(parts));
    }

    /** The head of a call: lines without their ends. */
    public WebSocketClient sendHead(String... lines) {
        return send(head(lines));
    }

    /** The block of a head. */
    public static byte[] head(String... lines) {
        return (String.join("\r\n", lines) + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    /** A frame, masked; the first byte has the opcode and the flags. */
    public WebSocketClient frame(int first, byte[] payload) {
        byte[] masked = payload.clone();
        for (int i = 0; i < masked.length; i++) {
            masked[i] ^= MASK[i % MASK.length];
        }
        return raw(Frames.concat(prefix(first, MASKED, payload.length), MASK, masked));
    }

    /** The beginning of a frame up to its mask. */
    public static byte[] prefix(int first, int masked, long length) {
        if (length >= 0 && length < 126) {
            return new byte[] {(byte) first, (byte) (masked | length)};
        }
        if (length >= 0 && length < 65536) {
            return new byte[] {(byte) first, (byte) (masked | 126), (byte) (length >>> 8), (byte) length};
        }
        byte[] long64 = new byte[10];
        long64[0] = (byte) first;
        long64[1] = (byte) (masked | 127);
        for (int i = 0; i < 8; i++) {
            long64[2 + i] = (byte) (length >>> (56 - 8 * i));
        }
        return long64;
    }

    /** The last frame of a message. */
    public WebSocketClient last(int opcode, byte[] payload) {
        return frame(FIN | opcode, payload);
    }

    public WebSocketClient sendClose(int status) {
        return frame(FIN | CLOSE, new byte[] {(byte) (status >>> 8), (byte) status});
    }

    public WebSocketClient raw(byte[] bytes) {
        wire.write(bytes);
        return this;
    }

    // From the gateway.

    /** The next frame; null where the WebSocket ends instead. */
    public Frame next() {
        byte[] start = wire.read(2);
        if (start.length < 2) {
            return null;
        }
        boolean deflated = extensions != null && (start[0] & DEFLATED) != 0;
        if ((start[0] & 0xf0) != (deflated ? FIN | DEFLATED : FIN) || (start[1] & MASKED) != 0) {
            throw new AssertionError("not a frame of a server: " + Arrays.toString(start));
        }
        long length = start[1] & 0x7f;
        if (length > 125) {
            length = 0;
            for (byte octet : wire.read(start[1] == 126 ? 2 : 8)) {
                length = length << 8 | octet & 0xff;
            }
        }
        return new Frame(start[0] & 0xf, deflated, wire.read((int) length));
    }

    /** The next message. */
    public byte[] message() {
        Frame frame = next();
        if (frame == null || frame.opcode() != BINARY) {
            throw new AssertionError("no message but " + frame);
        }
        return frame.payload();
    }

    /** The next message, as characters. */
    public String text() {
        return new String(message(), StandardCharsets.ISO_8859_1);
    }

    /** Waits for Close, answers it, and waits for the end; its status. */
    public int closed() {
        Frame frame = next();
        if (frame == null || frame.opcode() != CLOSE) {
            throw new AssertionError("no Close but " + frame);
        }
        sendClose(1000);
        if (next() != null) {
            throw new AssertionError("a frame behind Close");
        }
        return frame.status();
    }

    @Override
    public void close() {
        wire.close();
    }
}
