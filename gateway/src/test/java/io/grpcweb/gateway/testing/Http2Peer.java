package io.grpcweb.gateway.testing;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersEncoder;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * One end of an HTTP/2 connection at the level of frames (RFC 9113) over a blocking socket: a thread reads, whoever
 * wants writes. It acknowledges SETTINGS and PING, and gives credit for DATA unless told not to; nothing else happens by
 * itself. Its own monitor guards all state.
 */
public final class Http2Peer implements AutoCloseable {
    public static final int PATIENCE_MILLIS = 30_000;
    public static final int NO_ERROR = 0;
    public static final int INTERNAL_ERROR = 2;
    public static final int CANCEL = 8;

    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int GOAWAY = 7;
    private static final int WINDOW_UPDATE = 8;
    private static final int CONTINUATION = 9;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;
    private static final int LARGEST_FRAME = 16384;
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;
    private final Object writing = new Object();
    private final Consumer<Http2Exchange> opened;
    private final Http2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder();
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false, 1 << 20);
    private final Map<Integer, Http2Exchange> exchanges = new HashMap<>();
    private final Map<Integer, Integer> peerSettings = new HashMap<>();
    private long window = 65535;
    private long peerStreamWindow = 65535;
    private int nextId = 1;
    private final List<Integer> goAways = new ArrayList<>();
    private int goAwayCode = -1;
    private int pongs;
    private boolean gone;
    private volatile boolean deafToPings;

    /**
     * Sends a preface and begins to read.
     *
     * @param settings identifiers and values in turn
     * @param opened is called for each stream that the other end opens, on the reading thread
     */
    Http2Peer(Socket socket, boolean client, Consumer<Http2Exchange> opened, int... settings) {
        this.socket = socket;
        this.opened = opened;
        try {
            socket.setTcpNoDelay(true);
            in = new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream(), 1 << 16));
            out = new BufferedOutputStream(socket.getOutputStream(), 1 << 16);
            if (client) {
                out.write(PREFACE);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        settings(settings);
        Thread reader = new Thread(() -> read(!client), client ? "wire-client" : "wire-backend");
        reader.setDaemon(true);
        reader.start();
    }

    // Writing.

    /** Opens a stream. */
    public Http2Exchange open(Http2Headers head, boolean end) {
        synchronized (writing) {
            Http2Exchange exchange;
            synchronized (this) {
                exchange = new Http2Exchange(this, nextId, peerStreamWindow);
                exchanges.put(nextId, exchange);
                nextId += 2;
            }
            headers(exchange.id(), head, end);
            return exchange;
        }
    }

    /** Begins a header block and does not end it. */
    public synchronized Http2Exchange openHalf(Http2Headers head) {
        Http2Exchange exchange = new Http2Exchange(this, nextId, peerStreamWindow);
        exchanges.put(nextId, exchange);
        nextId += 2;
        ByteBuf block = Unpooled.buffer();
        try {
            encoder.encodeHeaders(exchange.id(), head, block);
        } catch (Http2Exception e) {
            throw new IllegalArgumentException(e);
        }
        frame(HEADERS, 0, exchange.id(), ByteBufUtil.getBytes(block, 0, block.readableBytes() / 2));
        return exchange;
    }

    public void settings(int... namesAndValues) {
        ByteBuffer payload = ByteBuffer.allocate(namesAndValues.length * 3);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            payload.putShort((short) namesAndValues[i]).putInt(namesAndValues[i + 1]);
        }
        frame(SETTINGS, 0, 0, payload.array());
    }

    public void headers(int id, Http2Headers fields, boolean end) {
        synchronized (writing) {
            ByteBuf block = Unpooled.buffer();
            try {
                encoder.encodeHeaders(id, fields, block);
            } catch (Http2Exception e) {
                throw new IllegalArgumentException(e);
            }
            int type = HEADERS;
            int flags = end ? END_STREAM : 0;
            do {
                byte[] part = ByteBufUtil.getBytes(block.readSlice(Math.min(LARGEST_FRAME, block.readableBytes())));
                frame(type, flags | (block.isReadable() ? 0 : END_HEADERS), id, part);
                type = CONTINUATION;
                flags = 0;
            } while (block.isReadable());
        }
    }

    /** Writes as fast as the windows of the other end allow; false where the stream or the connection ended meanwhile. */
    public boolean data(Http2Exchange exchange, byte[] bytes, boolean end) {
        int at = 0;
        do {
            int part = Math.min(LARGEST_FRAME, bytes.length - at);
            synchronized (this) {
                while (part > 0 && Math.min(window, exchange.window) <= 0 && !gone && exchange.resetCode < 0) {
                    waitFor(PATIENCE_MILLIS);
                }
                if (gone || exchange.resetCode >= 0) {
                    return false;
                }
                if (part > 0) {
                    part = (int) Math.min(part, Math.min(window, exchange.window));
                }
                window -= part;
                exchange.window -= part;
                exchange.sent += part;
            }
            byte[] payload = java.util.Arrays.copyOfRange(bytes, at, at + part);
            at += part;
            frame(DATA, end && at == bytes.length ? END_STREAM : 0, exchange.id(), payload);
        } while (at < bytes.length);
        return true;
    }

    void reset(int id, int code) {
        frame(RST_STREAM, 0, id, ByteBuffer.allocate(4).putInt(code).array());
    }

    void goAway(int lastId, int code) {
        frame(GOAWAY, 0, 0, ByteBuffer.allocate(8).putInt(lastId).putInt(code).array());
    }

    void credit(int id, int bytes) {
        frame(WINDOW_UPDATE, 0, id, ByteBuffer.allocate(4).putInt(bytes).array());
    }

    /** Sends PING and waits for its answer: the other end has read all frames before it. */
    public void roundTrip() {
        int before;
        synchronized (this) {
            before = pongs;
        }
        frame(PING, 0, 0, new byte[8]);
        await("answer to PING", () -> pongs > before || gone);
    }

    public void frame(int type, int flags, int id, byte[] payload) {
        synchronized (writing) {
            try {
                ByteBuffer head = ByteBuffer.allocate(9).putInt(payload.length << 8 | type);
                out.write(head.put((byte) flags).putInt(id).array());
                out.write(payload);
                out.flush();
            } catch (IOException e) {
                lost();
            }
        }
    }

    /** Answers no PING any more. */
    public void ignorePings() {
        deafToPings = true;
    }

    // Reading.

    private void read(boolean preface) {
        try {
            if (preface) {
                in.readNBytes(PREFACE.length);
            }
            while (true) {
                int lengthAndType = in.readInt();
                int flags = in.readUnsignedByte();
                int id = in.readInt() & 0x7fffffff;
                byte[] payload = new byte[lengthAndType >>> 8];
                in.readFully(payload);
                read(lengthAndType & 0xff, flags, id, payload);
            }
        } catch (IOException | Http2Exception e) {
            lost();
        }
    }

    private void read(int type, int flags, int id, byte[] payload) throws IOException, Http2Exception {
        ByteBuffer values = ByteBuffer.wrap(payload);
        switch (type) {
            case DATA -> readData(id, payload, (flags & END_STREAM) != 0);
            case HEADERS -> readHeaders(flags, id, payload);
            case RST_STREAM -> update(() -> exchanges.get(id).reset(values.getInt() & 0xffffffffL));
            case SETTINGS -> {
                if ((flags & 1) == 0) {
                    update(() -> readSettings(values));
                    frame(SETTINGS, 1, 0, new byte[0]);
                }
            }
            case PING -> {
                if ((flags & 1) == 0) {
                    if (!deafToPings) {
                        frame(PING, 1, 0, payload);
                    }
                } else {
                    update(() -> pongs++);
                }
            }
            case GOAWAY ->
                update(() -> {
                    goAways.add(values.getInt());
                    goAwayCode = values.getInt();
                });
            case WINDOW_UPDATE -> update(() -> credited(id, values.getInt()));
            default -> {}
        }
    }

    private void readHeaders(int flags, int id, byte[] payload) throws IOException, Http2Exception {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        int at = (flags & 0x20) == 0 ? 0 : 5;
        block.write(payload, at, payload.length - at);
        int more = flags;
        while ((more & END_HEADERS) == 0) {
            int lengthAndType = in.readInt();
            more = in.readUnsignedByte();
            in.readInt();
            block.writeBytes(in.readNBytes(lengthAndType >>> 8));
        }
        Http2Headers fields = decoder.decodeHeaders(id, Unpooled.wrappedBuffer(block.toByteArray()));
        Http2Exchange[] begun = new Http2Exchange[1];
        update(() -> {
            Http2Exchange exchange = exchanges.get(id);
            if (exchange == null) {
                exchange = new Http2Exchange(this, id, peerStreamWindow);
                exchanges.put(id, exchange);
                begun[0] = exchange;
            }
            exchange.headers(fields, (flags & END_STREAM) != 0);
        });
        if (begun[0] != null) {
            opened.accept(begun[0]);
        }
    }

    private void readData(int id, byte[] payload, boolean end) {
        Http2Exchange exchange = exchange(id);
        boolean[] crediting = new boolean[1];
        update(() -> crediting[0] = exchange.data(payload, end));
        if (payload.length > 0 && crediting[0]) {
            credit(0, payload.length);
            if (!end) {
                credit(id, payload.length);
            }
        }
    }

    private synchronized Http2Exchange exchange(int id) {
        return exchanges.get(id);
    }

    private void readSettings(ByteBuffer values) {
        while (values.hasRemaining()) {
            int name = values.getShort();
            int value = values.getInt();
            peerSettings.put(name, value);
            if (name == 4) {
                long change = value - peerStreamWindow;
                peerStreamWindow = value;
                exchanges.values().forEach(exchange -> exchange.window += change);
            }
        }
    }

    private void credited(int id, int bytes) {
        if (id == 0) {
            window += bytes;
        } else if (exchanges.containsKey(id)) {
            exchanges.get(id).window += bytes;
        }
    }

    // Waiting.

    private synchronized void update(Runnable change) {
        change.run();
        notifyAll();
    }

    private synchronized void lost() {
        gone = true;
        notifyAll();
    }

    @SuppressWarnings("WaitNotInLoop") // both callers loop
    private void waitFor(long millis) {
        try {
            wait(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Waits until this holds, or fails saying what was missing. */
    public synchronized void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
        while (!condition.getAsBoolean()) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                throw new AssertionError("no " + what + " within " + PATIENCE_MILLIS + " ms; " + exchanges.values());
            }
            waitFor(Math.min(left, 50));
        }
    }

    /** Whether the connection has ended. */
    public synchronized boolean isGone() {
        return gone;
    }

    /** The last stream that a GOAWAY of the other end names; -1 before. */
    public synchronized int goAwayLast() {
        return goAways.isEmpty() ? -1 : goAways.get(goAways.size() - 1);
    }

    /** The last streams that the GOAWAYs of the other end name, in order. */
    public synchronized List<Integer> goAways() {
        return List.copyOf(goAways);
    }

    /** The error that the last GOAWAY of the other end gives; -1 before. */
    public synchronized int goAwayCode() {
        return goAwayCode;
    }

    /** The last stream that this end has opened. */
    public synchronized int lastOpened() {
        return nextId - 2;
    }

    /** How many bytes may be sent on the whole connection. */
    public synchronized long window() {
        return window;
    }

    /** The other end's value of a setting, or this one where its first SETTINGS did not have it. */
    public synchronized int peerSetting(int name, int otherwise) {
        await("SETTINGS", () -> !peerSettings.isEmpty());
        return peerSettings.getOrDefault(name, otherwise);
    }

    /** The other end's value of a setting. */
    public synchronized int peerSetting(int name) {
        await("setting " + name, () -> peerSettings.containsKey(name));
        return peerSettings.get(name);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
