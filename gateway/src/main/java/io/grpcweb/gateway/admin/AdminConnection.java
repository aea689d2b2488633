package io.grpcweb.gateway.admin;

import io.grpcweb.gateway.http.ExchangeObserver;
import io.grpcweb.gateway.http.StreamInfo;
import io.grpcweb.gateway.stats.HttpStats;
import io.grpcweb.gateway.stats.ResponseClasses;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection with the admin listener: a request at a time, and a limit on how long each step may take, so that a slow
 * client holds a connection for seconds only.
 */
final class AdminConnection extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(AdminConnection.class);

    private final PageTable pages;
    private final AdminConnections connections;
    private final AdminTimeouts timeouts;
    private final HttpStats http;
    private final ResponseClasses listener;
    private final ExchangeObserver log;
    private Future<?> deadline;

    AdminConnection(
            PageTable pages,
            AdminConnections connections,
            AdminTimeouts timeouts,
            HttpStats http,
            ResponseClasses listener,
            ExchangeObserver log) {
        this.pages = pages;
        this.connections = connections;
        this.timeouts = timeouts;
        this.http = http;
        this.listener = listener;
        this.log = log;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        within(ctx, timeouts.requestMillis());
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
        if (!ctx.channel().isWritable()) {
            // Asks for more while it does not read what it has asked for.
            ctx.close();
            return;
        }
        connections.used(ctx.channel());
        http.downstreamRqTotal.increment();
        http.downstreamRqHttp1Total.increment();
        http.downstreamRqActive.increment();
        StreamInfo info = LoggedRequest.of(ctx.channel(), request);
        AdminResponse response = answer(request);
        http.downstreamRq.count(response.status());
        listener.count(response.status());
        boolean keepAlive =
                HttpUtil.isKeepAlive(request) && !request.decoderResult().isFailure();
        within(ctx, timeouts.responseMillis());
        FullHttpResponse message = message(response, keepAlive, request.method().equals(HttpMethod.HEAD));
        LoggedRequest.answered(info, message);
        ctx.writeAndFlush(message).addListener((ChannelFutureListener) written -> {
            http.downstreamRqActive.decrement();
            info.endNanos = System.nanoTime();
            http.downstreamRqTime.recordNanos(info.endNanos - info.startNanos);
            log.ended(info);
            left(ctx, response, written, keepAlive);
        });
    }

    private AdminResponse answer(FullHttpRequest request) {
        if (request.decoderResult().isFailure()) {
            return AdminResponse.text(400, "Bad Request");
        }
        String refusal = CallerCheck.refusal(request.method(), request.headers());
        if (refusal != null) {
            LOG.warn("A request to the admin listener was refused: {}", refusal);
            return AdminResponse.text(403, refusal + "\n");
        }
        try {
            return pages.answer(AdminRequest.of(request.method(), request.uri()));
        } catch (RuntimeException e) {
            LOG.error(
                    "The page {} failed",
                    AdminRequest.of(request.method(), request.uri()).path(),
                    e);
            return AdminResponse.text(500, "the page failed: " + e.getClass().getSimpleName() + "\n");
        }
    }

    private static FullHttpResponse message(AdminResponse response, boolean keepAlive, boolean head) {
        ByteBuf body = ByteBufUtil.writeUtf8(UnpooledByteBufAllocator.DEFAULT, response.body());
        FullHttpResponse message = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(response.status()),
                head ? Unpooled.EMPTY_BUFFER : body);
        message.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, response.contentType())
                .set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes())
                .set(HttpHeaderNames.CACHE_CONTROL, "no-cache, max-age=0")
                .set("x-content-type-options", "nosniff");
        if (response.contentType().equals(AdminResponse.HTML)) {
            message.headers()
                    .set(
                            HttpHeaderNames.CONTENT_SECURITY_POLICY,
                            "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'");
        }
        if (!keepAlive) {
            message.headers().set(HttpHeaderNames.CONNECTION, "close");
        }
        if (head) {
            body.release();
        }
        return message;
    }

    private void left(ChannelHandlerContext ctx, AdminResponse response, ChannelFuture written, boolean keepAlive) {
        if (response.afterwards() != null) {
            response.afterwards().run();
        }
        if (written.isSuccess() && keepAlive) {
            within(ctx, timeouts.idleMillis());
        } else {
            ctx.close();
        }
    }

    /** The connection is closed if the present step takes longer than this. */
    private void within(ChannelHandlerContext ctx, long millis) {
        if (deadline != null) {
            deadline.cancel(false);
        }
        deadline = ctx.executor().schedule(() -> ctx.close(), millis, TimeUnit.MILLISECONDS);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("An admin connection failed", cause);
        ctx.close();
    }
}
