package io.grpcweb.gateway.downstream;

import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.net.Http1Output;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;

/** A request on an HTTP/1.1 connection and its response. */
final class Http1ServerStream extends DownstreamStream {
    private enum Body {
        NONE,
        LENGTH,
        CHUNKED
    }

    private final Http1ServerConnection connection;
    private final Http1Output output;
    private final boolean headRequest;
    private Body body = Body.CHUNKED;
    private boolean close;
    private boolean upgraded;

    Http1ServerStream(
            Exchange exchange,
            ResponseStamp stamp,
            Http1ServerConnection connection,
            Http1Output output,
            boolean headRequest,
            boolean close) {
        super(exchange, stamp, connection.stats());
        this.connection = connection;
        this.output = output;
        this.headRequest = headRequest;
        this.close = close;
    }

    /** Whether the connection ends with this answer. */
    boolean closes() {
        return close;
    }

    @Override
    protected void writeHead(Http2Headers head, boolean end) {
        int status = exchange().info().responseCode;
        // The rest of a request whose answer is complete is not waited for (RFC 9112 section 9.6).
        close |= !exchange().isRequestEnded() || connection.shouldClose();
        boolean bodiless = headRequest || status == 204 || status == 304 || status < 200;
        boolean length = head.contains(HttpHeaderNames.CONTENT_LENGTH);
        output.head(status, head);
        if (status == 101) {
            upgraded = true;
            connection.stats().downstreamCxUpgradesTotal.increment();
            connection.stats().downstreamCxUpgradesActive.increment();
            body = Body.LENGTH;
            output.field(HttpHeaderNames.CONNECTION, "upgrade");
            output.field(HttpHeaderNames.UPGRADE, exchange().info().upgrade);
            output.endHead();
            return;
        }
        if (bodiless) {
            body = Body.NONE;
            if (headRequest && !length && !end) {
                output.field(HttpHeaderNames.TRANSFER_ENCODING, "chunked");
            }
        } else if (length) {
            body = Body.LENGTH;
        } else if (end) {
            body = Body.NONE;
            output.field(HttpHeaderNames.CONTENT_LENGTH, "0");
        } else {
            output.field(HttpHeaderNames.TRANSFER_ENCODING, "chunked");
        }
        if (close) {
            output.field(HttpHeaderNames.CONNECTION, "close");
        }
        output.endHead();
    }

    @Override
    protected void writeData(ByteBuf data, boolean end) {
        switch (body) {
            case NONE -> data.release();
            case LENGTH -> output.raw(data);
            case CHUNKED -> {
                output.chunk(data);
                if (end) {
                    output.endChunks(null);
                }
            }
        }
        if (!end && !connection.isWritable()) {
            lower().responseWritable(false);
        }
    }

    @Override
    public void responseFlush() {
        if (!exchange().isOver()) {
            output.flush();
        }
    }

    @Override
    protected void writeTrailers(Http2Headers trailers) {
        if (body == Body.CHUNKED) {
            try {
                output.endChunks(exchange().http().http1Trailers() ? trailers : null);
            } catch (IllegalArgumentException e) {
                // The last chunk stands there already: what is half written leaves with the connection.
                output.release();
                connection.abort();
                throw e;
            }
        }
    }

    @Override
    protected boolean canSendTrailers() {
        return body == Body.CHUNKED && exchange().http().http1Trailers();
    }

    @Override
    protected void abort() {
        output.flush();
        connection.abort();
    }

    @Override
    protected void finished() {
        endUpgrade();
        output.flush();
        connection.answered(this);
    }

    @Override
    protected void released() {
        endUpgrade();
        output.release();
    }

    @Override
    protected void pauseRequest() {
        connection.requestPausedOrResumed();
    }

    @Override
    protected void resumeRequest() {
        connection.requestPausedOrResumed();
    }

    private void endUpgrade() {
        if (upgraded) {
            upgraded = false;
            connection.stats().downstreamCxUpgradesActive.decrement();
        }
    }
}
