package io.grpcweb.gateway.downstream;

import io.grpcweb.gateway.http.Details;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.ResponseFlag;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;

/**
 * A client's stream on HTTP/2. Small parts of a response that come in one batch of reads leave as one DATA frame; large
 * ones are passed on without a copy.
 */
final class Http2ServerStream extends DownstreamStream {
    private static final int COPY_BELOW = 4096;
    private static final int COALESCED = 16 * 1024;

    private final Http2ServerConnection connection;
    private final Http2Stream stream;
    private ByteBuf pending;
    private int unconsumed;
    private boolean writable = true;
    private boolean premature;

    Http2ServerStream(Exchange exchange, ResponseStamp stamp, Http2ServerConnection connection, Http2Stream stream) {
        super(exchange, stamp, connection.service().stats());
        this.connection = connection;
        this.stream = stream;
    }

    /** Takes a part of the body; returns how many bytes the client may be credited with at once. */
    int dataRead(ByteBuf data, int padding, boolean end) {
        int bytes = data.readableBytes() + padding;
        receive(data.retain(), end);
        if (!end && (isRequestPaused() || isAnswered())) {
            // Behind the response nobody reads: a window is what may still come.
            unconsumed += bytes;
            return 0;
        }
        return bytes;
    }

    /** The client has reset the stream. */
    void resetByPeer() {
        premature = ResetFlood.isPremature(
                isServed(), System.nanoTime() - exchange().info().startNanos);
        gone(ResponseFlag.DOWNSTREAM_REMOTE_RESET, Details.CLIENT_RESET);
    }

    /** The response to a handshake is no service yet: it comes before anything is done. */
    private boolean isServed() {
        return exchange().info().upgrade == null ? exchange().isResponseStarted() : isAnswered();
    }

    /** Whether the client has reset the stream before anybody could answer it. */
    boolean isPremature() {
        return premature;
    }

    void writabilityChanged() {
        boolean now = connection.isWritable(stream);
        if (now != writable && !isAnswered() && lower() != null) {
            writable = now;
            lower().responseWritable(now);
        }
    }

    @Override
    protected void writeHead(Http2Headers head, boolean end) {
        if (exchange().info().responseCode == 101) {
            // RFC 8441 section 5: HTTP/2 has no 101, and success is 200.
            head.status("200");
        }
        if (end) {
            connection.writeHead(stream, head, true, endPromise());
        } else {
            connection.writeHead(stream, head, false, connection.promise());
        }
        connection.scheduleFlush();
    }

    @Override
    protected void writeData(ByteBuf data, boolean end) {
        int bytes = data.readableBytes();
        if (bytes < COPY_BELOW) {
            if (pending == null) {
                pending = data.alloc().buffer(Math.max(256, bytes));
            }
            pending.writeBytes(data);
            data.release();
            if (end) {
                writePending(true);
            } else if (pending.readableBytes() >= COALESCED) {
                writePending(false);
            }
        } else {
            writePending(false);
            write(data, end);
        }
        if (end) {
            connection.scheduleFlush();
        }
    }

    private void writePending(boolean end) {
        if (pending != null) {
            ByteBuf data = pending;
            pending = null;
            write(data, end);
        }
    }

    private void write(ByteBuf data, boolean end) {
        connection.writeData(stream, data, end, end ? endPromise() : connection.promise());
        if (!end) {
            writabilityChanged();
        }
    }

    @Override
    public void responseFlush() {
        writePending(false);
        connection.scheduleFlush();
    }

    @Override
    protected void writeTrailers(Http2Headers trailers) {
        writePending(false);
        connection.writeHead(stream, trailers, true, endPromise());
        connection.scheduleFlush();
    }

    private ChannelPromise endPromise() {
        ChannelPromise promise = connection.promise();
        if (!exchange().isRequestEnded()) {
            promise.addListener((ChannelFutureListener) sent -> {
                if (sent.isSuccess()) {
                    connection.answeredEarly(stream);
                }
            });
        }
        return promise;
    }

    @Override
    protected boolean canSendTrailers() {
        return true;
    }

    @Override
    protected void abort() {
        writePending(false);
        connection.scheduleFlush();
        // Behind that flush: what the windows of the peer admit has left by then, and the rest is dropped.
        connection.callOff(stream, Http2Error.INTERNAL_ERROR);
    }

    @Override
    protected void finished() {
        resumeRequest();
        connection.streamFinished();
    }

    @Override
    protected void released() {
        if (pending != null) {
            pending.release();
            pending = null;
        }
    }

    @Override
    protected void pauseRequest() {}

    @Override
    protected void resumeRequest() {
        if (unconsumed > 0) {
            int bytes = unconsumed;
            unconsumed = 0;
            connection.consume(stream, bytes);
        }
    }
}
