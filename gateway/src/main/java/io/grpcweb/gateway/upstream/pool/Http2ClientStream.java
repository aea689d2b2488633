package io.grpcweb.gateway.upstream.pool;

import io.grpcweb.gateway.http.HeaderBlock;
import io.grpcweb.gateway.http.Hygiene;
import io.grpcweb.gateway.http.Protocol;
import io.grpcweb.gateway.http.UpstreamFailure;
import io.grpcweb.gateway.http.WireBytes;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import java.net.SocketAddress;

/** A stream of an {@link Http2ClientConnection}. */
final class Http2ClientStream implements UpstreamStream {
    /** Answers of the 1xx kind before the one that counts. */
    static final int MOST_INTERIM = 100;

    private final Http2ClientConnection connection;
    private final int id;
    private UpstreamCallback callback;
    private Http2Stream stream;
    private boolean requestEnded;
    private boolean toHead;
    private boolean headSeen;
    private int interim;
    private boolean paused;
    private boolean writable = true;
    private boolean touched;
    private int unconsumed;

    Http2ClientStream(Http2ClientConnection connection, int id, UpstreamCallback callback) {
        this.connection = connection;
        this.id = id;
        this.callback = callback;
    }

    int id() {
        return id;
    }

    /** Whether somebody still waits for a response. */
    boolean isLive() {
        return callback != null;
    }

    // Writing.

    @Override
    public void count(WireBytes bytes) {
        connection.meters().count(id, bytes);
    }

    @Override
    public void head(Http2Headers head, boolean end) {
        requestEnded = end;
        toHead = "HEAD".contentEquals(head.method());
        stream = connection.writeHead(this, head, end);
    }

    @Override
    public void data(ByteBuf data, boolean end) {
        if (stream == null || callback == null) {
            data.release();
            return;
        }
        requestEnded = end;
        ChannelPromise promise = connection.promise();
        connection.encoder().writeData(connection.context(), id, data, 0, end, promise);
        connection.scheduleFlush();
        if (!end) {
            writabilityChanged();
        }
    }

    @Override
    public void trailers(Http2Headers trailers) {
        if (stream == null || callback == null) {
            return;
        }
        requestEnded = true;
        connection.encoder().writeHeaders(connection.context(), id, trailers, 0, true, connection.promise());
        connection.scheduleFlush();
    }

    @Override
    public void reset(Http2Error code) {
        if (callback != null) {
            callback = null;
            if (stream != null) {
                connection.giveUp(id, code);
            } else {
                connection.meters().closed(id);
                connection.unused();
            }
        }
    }

    void writabilityChanged() {
        UpstreamCallback to = callback;
        // A stream whose last part was written takes no more, which is no reason to hold the client back.
        if (to == null || stream == null || requestEnded) {
            return;
        }
        boolean now = connection.encoder().flowController().isWritable(stream);
        if (now != writable) {
            writable = now;
            to.requestWritable(now);
        }
    }

    // Reading.

    void onHead(Http2Headers head, boolean end) {
        UpstreamCallback to = callback;
        if (to == null) {
            return;
        }
        if (!headSeen) {
            CharSequence status = head.status();
            if (status == null || !HeaderBlock.isStatus(status)) {
                connection.malformed(id, "an answer without a :status of three digits");
                return;
            }
            if (status.charAt(0) == '1') {
                // Interim answers are the business of this connection alone; 100 was answered downstream.
                if (++interim > MOST_INTERIM) {
                    connection.malformed(id, "more than " + MOST_INTERIM + " interim answers");
                    return;
                }
                if (end || "101".contentEquals(status)) {
                    connection.malformed(id, "an interim answer that ends, or changes the protocol");
                }
                return;
            }
            headSeen = true;
            touch();
            if (end) {
                answered();
            }
            to.head(head, end);
        } else {
            connection.stats().trailers.increment();
            Hygiene.cleanResponseTrailers(head);
            touch();
            answered();
            to.trailers(head);
        }
    }

    /** Takes a part of the body; returns how many bytes the backend may be credited with at once. */
    int onData(ByteBuf data, int padding, boolean end) {
        UpstreamCallback to = callback;
        int bytes = data.readableBytes() + padding;
        if (to == null) {
            return bytes;
        }
        if (!headSeen) {
            // RFC 9113 section 8.1: without a head there is no message that this could be the content of.
            connection.malformed(id, "DATA before HEADERS");
            return bytes;
        }
        if (toHead && data.isReadable()) {
            // RFC 9110 section 9.3.2: to a client this would be the beginning of something else.
            connection.malformed(id, "content in a response to HEAD");
            return bytes;
        }
        touch();
        if (end) {
            answered();
        }
        to.data(data.retain(), end);
        if (paused && !end) {
            unconsumed += bytes;
            return 0;
        }
        return bytes;
    }

    /** The response is complete: RFC 9113 section 8.1 wants the rest of the request called off without an error. */
    private void answered() {
        callback = null;
        if (!requestEnded) {
            connection.giveUp(id, Http2Error.NO_ERROR);
        }
    }

    private void touch() {
        if (!touched) {
            touched = true;
            connection.touched(callback, this);
        }
    }

    void untouched() {
        touched = false;
    }

    @Override
    public void responseWritable(boolean more) {
        paused = !more;
        if (more && unconsumed > 0 && stream != null) {
            int bytes = unconsumed;
            unconsumed = 0;
            connection.consume(stream, bytes);
        }
    }

    void fail(UpstreamFailure failure, long resetCode, boolean unprocessed, String reason) {
        UpstreamCallback to = callback;
        callback = null;
        if (to != null) {
            to.failed(failure, resetCode, unprocessed, reason);
        }
    }

    @Override
    public UpstreamFacts facts() {
        return connection.context().channel().attr(UpstreamFacts.KEY).get();
    }

    @Override
    public SocketAddress localAddress() {
        return connection.context().channel().localAddress();
    }

    @Override
    public boolean changesProtocol() {
        return connection.mayChangeProtocol();
    }

    @Override
    public Protocol protocol() {
        return Protocol.HTTP_2;
    }
}
