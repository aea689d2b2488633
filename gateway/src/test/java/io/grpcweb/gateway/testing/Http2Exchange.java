package io.grpcweb.gateway.testing;

import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** A stream as one end of a connection sees it; the monitor of its {@link Http2Peer} guards it. */
public final class Http2Exchange {
    /** Bodies above this are counted and not kept. */
    private static final int KEPT = 8 << 20;

    private static final long STANDSTILL_NANOS = 500_000_000;

    private final Http2Peer peer;
    private final int id;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final List<String> frames = new ArrayList<>();
    private Http2Headers head;
    private Http2Headers trailers;
    private long received;
    private boolean ended;
    private boolean crediting = true;
    private long withheld;

    /** What the other end still takes. */
    public long window;

    /** Bytes of DATA that were written. */
    public long sent;

    /** Of the RST_STREAM that came; -1 for none. */
    public long resetCode = -1;

    Http2Exchange(Http2Peer peer, int id, long window) {
        this.peer = peer;
        this.id = id;
        this.window = window;
    }

    public int id() {
        return id;
    }

    public Http2Peer peer() {
        return peer;
    }

    public void headers(Http2Headers fields, boolean end) {
        frames.add("HEADERS" + (end ? "+END" : ""));
        if (head == null || (head.status() != null && head.status().charAt(0) == '1')) {
            head = fields;
        } else {
            trailers = fields;
        }
        ended |= end;
    }

    /** Whether there is credit for it at once. */
    boolean data(byte[] bytes, boolean end) {
        frames.add("DATA" + (end ? "+END" : ""));
        received += bytes.length;
        if (received <= KEPT) {
            body.writeBytes(bytes);
        }
        if (!crediting) {
            withheld += bytes.length;
        }
        ended |= end;
        return crediting;
    }

    /** The first one counts. */
    public void reset(long code) {
        frames.add("RST_STREAM " + code);
        if (resetCode < 0) {
            resetCode = code;
        }
    }

    /** Gives no more credit for what comes: neither the stream's nor the connection's. */
    public Http2Exchange stopReading() {
        synchronized (peer) {
            crediting = false;
            return this;
        }
    }

    /** Gives credit for all that has come, and from now on again. */
    public void goOnReading() {
        long bytes;
        synchronized (peer) {
            bytes = withheld;
            withheld = 0;
            crediting = true;
        }
        if (bytes > 0) {
            peer.credit(0, (int) bytes);
            peer.credit(id, (int) bytes);
        }
    }

    public Http2Headers awaitHead() {
        peer.await("head on stream " + id, () -> isFinal() || isOver());
        return head;
    }

    private boolean isFinal() {
        return head != null && (head.status() == null || head.status().charAt(0) != '1');
    }

    public byte[] awaitBody(long bytes) {
        peer.await(bytes + " bytes on stream " + id, () -> received >= bytes || isOver());
        return body();
    }

    public void awaitEnd() {
        peer.await("end of stream " + id, () -> ended || isOver());
    }

    /** Waits for RST_STREAM; its code, or -1 where the connection ended instead. */
    public long awaitReset() {
        peer.await("RST_STREAM on stream " + id, this::isOver);
        return resetCode;
    }

    /** Whether nothing more can come by RST_STREAM or the end of the connection. */
    private boolean isOver() {
        return resetCode >= 0 || peer.isGone();
    }

    /** Waits until DATA cannot be written for lack of credit, for a while; the bytes written so far. */
    public long awaitStandstill() {
        long[] last = {-1, System.nanoTime()};
        peer.await("standstill on stream " + id, () -> {
            if (sent != last[0]) {
                last[0] = sent;
                last[1] = System.nanoTime();
            }
            return sent > 0 && System.nanoTime() - last[1] > STANDSTILL_NANOS;
        });
        return last[0];
    }

    public byte[] body() {
        synchronized (peer) {
            return body.toByteArray();
        }
    }

    public long received() {
        synchronized (peer) {
            return received;
        }
    }

    public long sent() {
        synchronized (peer) {
            return sent;
        }
    }

    public boolean isEnded() {
        synchronized (peer) {
            return ended;
        }
    }

    public long resetCode() {
        synchronized (peer) {
            return resetCode;
        }
    }

    public Http2Headers head() {
        synchronized (peer) {
            return head;
        }
    }

    public Http2Headers trailers() {
        synchronized (peer) {
            return trailers;
        }
    }

    /** The kinds of frames that came, in order. */
    public List<String> frames() {
        synchronized (peer) {
            return List.copyOf(frames);
        }
    }

    @Override
    public String toString() {
        synchronized (peer) {
            return "stream " + id + " " + head + " " + received + " bytes " + frames + " reset " + resetCode;
        }
    }
}
