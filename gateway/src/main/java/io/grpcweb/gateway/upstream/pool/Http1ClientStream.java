package io.grpcweb.gateway.upstream.pool;

import io.grpcweb.gateway.http.Protocol;
import io.grpcweb.gateway.http.UpstreamFailure;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import java.net.SocketAddress;

/** A request on an {@link Http1ClientConnection} and its response. */
final class Http1ClientStream implements UpstreamStream {
    private final Http1ClientConnection connection;
    private UpstreamCallback callback;
    private boolean chunked;
    private boolean upgrade;
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

    boolean isRequestEnded() {
        return requestEnded;
    }

    @Override
    public void head(Http2Headers head, boolean end) {
        requestEnded = end;
        upgrade = head.contains(HttpHeaderNames.UPGRADE);
        connection.decoder().expectHead("HEAD".contentEquals(head.method()));
        connection.output().request(head);
        if (!end && !upgrade && !head.contains(HttpHeaderNames.CONTENT_LENGTH)) {
            chunked = true;
            connection.output().field(HttpHeaderNames.TRANSFER_ENCODING, "chunked");
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

    void onHead(Http2Headers head) {
        if (callback != null) {
            callback.head(head, false);
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
