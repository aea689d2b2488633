package io.grpcweb.gateway.upstream.pool;

import io.grpcweb.gateway.http.Protocol;
import io.grpcweb.gateway.http.UpstreamFailure;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import java.net.SocketAddress;
import java.util.Set;

/** A request on an {@link Http1ClientConnection} and its response. */
final class Http1ClientStream implements UpstreamStream {
    /** Methods whose requests have no body by themselves, so that it goes without saying (RFC 9110 section 8.6). */
    private static final Set<String> WITHOUT_BODY = Set.of("GET", "HEAD", "DELETE", "TRACE", "CONNECT");

    private final Http1ClientConnection connection;
    private UpstreamCallback callback;
    private boolean chunked;
    private boolean upgrade;
    private boolean toHead;
    private boolean requestEnded;
    private boolean interim;
    private int interims;

    Http1ClientStream(Http1ClientConnection connection, UpstreamCallback callback) {
        this.connection = connection;
        this.callback = callback;
    }

    /** Whether it asks for another protocol, which 101 begins. */
    boolean isUpgrade() {
        return upgrade;
    }

    /** Whether it is a request whose response has no content. */
    boolean isToHead() {
        return toHead;
    }

    boolean isRequestEnded() {
        return requestEnded;
    }

    @Override
    public void head(Http2Headers head, boolean end) {
        requestEnded = end;
        upgrade = head.contains(HttpHeaderNames.UPGRADE);
        toHead = "HEAD".contentEquals(head.method());
        connection.decoder().expectHead(toHead);
        connection.output().request(head);
        if (!upgrade && !head.contains(HttpHeaderNames.CONTENT_LENGTH)) {
            if (!end) {
                chunked = true;
                connection.output().field(HttpHeaderNames.TRANSFER_ENCODING, "chunked");
            } else if (!WITHOUT_BODY.contains(head.method().toString())) {
                connection.output().field(HttpHeaderNames.CONTENT_LENGTH, "0");
            }
        }
        connection.output().endHead();
        connection.output().scheduleFlush();
    }

    @Override
    public void data(ByteBuf data, boolean end) {
        if (callback == null) {
            data.release();
            return;
        }
        requestEnded = end;
        if (chunked) {
            connection.output().chunk(data);
            if (end) {
                connection.output().endChunks(null);
            }
        } else {
            connection.output().raw(data);
        }
        connection.output().scheduleFlush();
        if (end && upgrade) {
            connection.endTunnel();
        }
        if (!end && !connection.context().channel().isWritable()) {
            callback.requestWritable(false);
        }
    }

    @Override
    public void trailers(Http2Headers trailers) {
        requestEnded = true;
        if (chunked && callback != null) {
            connection.output().endChunks(connection.takesTrailers() ? trailers : null);
            connection.output().scheduleFlush();
        }
    }

    @Override
    public void reset(Http2Error code) {
        if (callback != null) {
            callback = null;
            connection.giveUp();
        }
    }

    @Override
    public void responseWritable(boolean writable) {
        if (callback != null) {
            connection.context().channel().config().setAutoRead(writable);
        }
    }

    /** A response of the 1xx kind; false for one too many. */
    boolean skipInterim() {
        interim = true;
        return ++interims <= Http2ClientStream.MOST_INTERIM;
    }

    /** Netty ends an interim answer with an empty last content; true for that one. */
    boolean endsInterim(boolean last) {
        boolean was = interim;
        if (last) {
            interim = false;
        }
        return was;
    }

    /** The head of the response; {@code end}: nothing can follow it. */
    void onHead(Http2Headers head, boolean end) {
        UpstreamCallback to = callback;
        if (to == null) {
            return;
        }
        if (end) {
            callback = null;
        }
        to.head(head, end);
        if (end) {
            to.readComplete();
        }
    }

    void onData(ByteBuf data, boolean end) {
        UpstreamCallback to = callback;
        if (to == null) {
            data.release();
            return;
        }
        if (end) {
            callback = null;
        }
        to.data(data, end);
        if (end) {
            to.readComplete();
        }
    }

    void readComplete() {
        if (callback != null) {
            callback.readComplete();
        }
    }

    void requestWritable(boolean writable) {
        if (callback != null) {
            callback.requestWritable(writable);
        }
    }

    void fail(UpstreamFailure failure, String reason) {
        UpstreamCallback to = callback;
        callback = null;
        if (to != null) {
            to.failed(failure, -1, false, reason);
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
        return true;
    }

    @Override
    public Protocol protocol() {
        return Protocol.HTTP_1_1;
    }
}
