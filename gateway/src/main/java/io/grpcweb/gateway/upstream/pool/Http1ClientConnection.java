package io.grpcweb.gateway.upstream.pool;

import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.http.HeaderBlock;
import io.grpcweb.gateway.http.UpstreamFailure;
import io.grpcweb.gateway.net.ConnectionFault;
import io.grpcweb.gateway.net.Http1Output;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import java.util.Iterator;
import java.util.Map;

/** An HTTP/1.1 connection to a backend with keep-alive: one stream at a time. */
final class Http1ClientConnection extends ChannelInboundHandlerAdapter implements UpstreamConnection {
    private final ClusterConfig cluster;
    private final ResponseDecoder decoder;
    private final PooledConnection pooled;
    private ChannelHandlerContext context;
    private Http1Output output;
    private Http1ClientStream current;
    private boolean keepAlive = true;
    private boolean draining;

    /** The backend has changed to another protocol. */
    private boolean tunnel;

    private long opened;

    Http1ClientConnection(ClusterConfig cluster, PooledConnection pooled, ResponseDecoder decoder) {
        this.decoder = decoder;
        this.cluster = cluster;
        this.pooled = pooled;
    }

    ChannelHandlerContext context() {
        return context;
    }

    /** RFC 9110 section 6.5.1: servers merge trailers into the head, so they go only where somebody has said so. */
    boolean takesTrailers() {
        return cluster.http1Trailers();
    }

    ResponseDecoder decoder() {
        return decoder;
    }

    Http1Output output() {
        return output;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        output = new Http1Output(ctx);
        if (ctx.channel().isActive()) {
            ctx.channel().eventLoop().execute(() -> pooled.ready(this));
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) throws Exception {
        super.channelActive(ctx);
        pooled.ready(this);
    }

    @Override
    public boolean hasRoom() {
        return current == null && !isSpent();
    }

    @Override
    public boolean isShut() {
        return false;
    }

    @Override
    public boolean isSpent() {
        return draining || !context.channel().isActive();
    }

    @Override
    public void open(UpstreamCallback callback) {
        current = new Http1ClientStream(this, callback);
        opened++;
        if (opened >= cluster.requestsPerConnection().orElse(Integer.MAX_VALUE)) {
            draining = true;
            pooled.spent();
        }
        callback.opened(current);
    }

    @Override
    public int active() {
        return current == null ? 0 : 1;
    }

    @Override
    public long served() {
        return opened;
    }

    @Override
    public void drain() {
        draining = true;
        if (current == null) {
            context.close();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        Http1ClientStream stream = current;
        if (stream != null) {
            stream.received(message);
        }
        if (tunnel && stream != null) {
            passOn(stream, message);
            return;
        }
        if (!(message instanceof HttpObject part) || stream == null) {
            ReferenceCountUtil.release(message);
            ctx.close();
            return;
        }
        if (part.decoderResult().isFailure()) {
            ReferenceCountUtil.release(message);
            stream.fail(
                    UpstreamFailure.PROTOCOL_ERROR,
                    String.valueOf(part.decoderResult().cause()));
            ctx.close();
            return;
        }
        if (message instanceof HttpResponse response) {
            if (!HeaderBlock.isStatus(response.status().codeAsText())
                    || response.protocolVersion().majorVersion() != 1) {
                ReferenceCountUtil.release(message);
                stream.fail(UpstreamFailure.PROTOCOL_ERROR, "a status line that is none of HTTP/1.1");
                ctx.close();
                return;
            }
            if (response.status().code() == 101 && stream.isUpgrade()) {
                tunnel = true;
                stream.onHead(head(response), false);
                return;
            }
            if (response.status().code() / 100 == 1) {
                if (!stream.skipInterim()) {
                    stream.fail(UpstreamFailure.PROTOCOL_ERROR, "too many interim answers");
                    ctx.close();
                }
                return;
            }
            keepAlive = HttpUtil.isKeepAlive(response);
            stream.onHead(head(response), stream.isToHead() || isEmpty(response));
        } else if (message instanceof HttpContent content) {
            boolean last = content instanceof LastHttpContent;
            if (stream.endsInterim(last)) {
                content.release();
                return;
            }
            stream.onData(content.content(), last);
            if (last) {
                answered(stream);
            }
        }
    }

    /** Netty's codec hands on bytes as they are after 101. */
    private static void passOn(Http1ClientStream stream, Object message) {
        if (message instanceof ByteBuf bytes) {
            stream.onData(bytes, false);
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    /** Whether the head says that nothing follows it: then it is the whole response, as one of HTTP/2 that ends with its head. */
    private static boolean isEmpty(HttpResponse response) {
        int status = response.status().code();
        return status == 204
                || status == 304
                || !HttpUtil.isTransferEncodingChunked(response) && HttpUtil.getContentLength(response, -1L) == 0;
    }

    private static Http2Headers head(HttpResponse response) {
        Http2Headers head = new DefaultHttp2Headers(false, response.headers().size() + 4);
        head.status(response.status().codeAsText());
        Iterator<Map.Entry<CharSequence, CharSequence>> all = response.headers().iteratorCharSequence();
        while (all.hasNext()) {
            Map.Entry<CharSequence, CharSequence> field = all.next();
            head.add(AsciiString.of(field.getKey()).toLowerCase(), field.getValue());
        }
        return head;
    }

    private void answered(Http1ClientStream stream) {
        current = null;
        context.channel().config().setAutoRead(true);
        if (!keepAlive || !stream.isRequestEnded() || draining) {
            pooled.spent();
            context.close();
        } else {
            pooled.roomMade();
        }
    }

    /** The client has said its last in the other protocol. */
    void endTunnel() {
        output.flush();
        SslHandler tls = context.pipeline().get(SslHandler.class);
        if (tls != null) {
            tls.closeOutbound();
        } else if (context.channel() instanceof DuplexChannel duplex) {
            duplex.shutdownOutput();
        }
    }

    /** A stream was given up: HTTP/1.1 has no other way than to close. */
    void giveUp() {
        current = null;
        pooled.spent();
        context.close();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        Http1ClientStream stream = current;
        if (stream != null) {
            stream.readComplete();
        }
        super.channelReadComplete(ctx);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) throws Exception {
        if (current != null) {
            current.requestWritable(ctx.channel().isWritable());
        }
        super.channelWritabilityChanged(ctx);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        // Netty's codec has ended a body without a length by now, if there was one.
        Http1ClientStream stream = current;
        current = null;
        output.release();
        if (stream != null && tunnel) {
            stream.onData(Unpooled.EMPTY_BUFFER, true);
        } else if (stream != null) {
            stream.fail(UpstreamFailure.CONNECTION_TERMINATION, null);
        }
        super.channelInactive(ctx);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ConnectionFault.close(ctx, cause);
    }
}
