package io.grpcweb.gateway.admin;

import io.grpcweb.gateway.http.ExchangeObserver;
import io.grpcweb.gateway.http.ForeignText;
import io.grpcweb.gateway.http.HeaderBlock;
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
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection with the admin listener: a request at a time, the next one once the answer has left, and a limit on how long
 * each step may take, so that a slow client holds a connection for seconds only. Pages are made on a thread of their own, so
 * that probes are answered meanwhile.
 */
final class AdminConnection extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(AdminConnection.class);

    /** Requests that one connection may send ahead. */
    private static final int MAX_WAITING = 64;

    private final PageTable pages;
    private final AdminConnections connections;
    private final AdminTimeouts timeouts;
    private final HttpStats http;
    private final ResponseClasses listener;
    private final ExchangeObserver log;
    private final Executor pageThread;
    private final ConsoleDoor door;

    /** Requests that came before the answer to an earlier one had left. */
    private final Deque<FullHttpRequest> waiting = new ArrayDeque<>();

    private boolean busy;
    private Future<?> deadline;

    AdminConnection(
            PageTable pages,
            AdminConnections connections,
            AdminTimeouts timeouts,
            HttpStats http,
            ResponseClasses listener,
            ExchangeObserver log,
            Executor pageThread,
            ConsoleDoor door) {
        this.pages = pages;
        this.connections = connections;
        this.timeouts = timeouts;
        this.http = http;
        this.listener = listener;
        this.log = log;
        this.pageThread = pageThread;
        this.door = door;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        within(ctx, timeouts.requestMillis());
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
        if (busy) {
            if (waiting.size() == MAX_WAITING) {
                ctx.close();
            } else {
                waiting.add(request.retain());
            }
            return;
        }
        busy = true;
        ctx.channel().config().setAutoRead(false);
        connections.used(ctx.channel());
        http.downstreamRqTotal.increment();
        http.downstreamRqHttp1Total.increment();
        http.downstreamRqActive.increment();
        StreamInfo info = LoggedRequest.of(ctx.channel(), request);
        within(ctx, timeouts.responseMillis());
        AdminResponse refusal = refusal(ctx, request);
        if (refusal != null) {
            send(ctx, request, info, refusal);
            return;
        }
        AdminRequest asked = AdminRequest.of(
                request.method(),
                request.uri(),
                String.join(",", request.headers().getAll(HttpHeaderNames.ACCEPT)));
        if (pages.isQuick(asked)) {
            send(ctx, request, info, page(asked));
            return;
        }
        request.retain();
        if (ConsoleDoor.isSocket(asked, request)) {
            door.open(ctx, request, answer -> {
                if (answer == null) {
                    becameSocket(info);
                } else {
                    send(ctx, request, info, answer);
                }
                request.release();
            });
            return;
        }
        pageThread.execute(() -> {
            AdminResponse response = page(asked);
            ctx.executor().execute(() -> {
                send(ctx, request, info, response);
                request.release();
            });
        });
    }

    /** The handshake counts as a request that is over. */
    private void becameSocket(StreamInfo info) {
        http.downstreamRq.count(HttpResponseStatus.SWITCHING_PROTOCOLS.code());
        listener.count(HttpResponseStatus.SWITCHING_PROTOCOLS.code());
        http.downstreamRqActive.decrement();
        info.responseCode = HttpResponseStatus.SWITCHING_PROTOCOLS.code();
        info.endNanos = System.nanoTime();
        log.ended(info);
    }

    private void send(ChannelHandlerContext ctx, FullHttpRequest request, StreamInfo info, AdminResponse made) {
        AdminResponse response = connections.hasRoomFor(made.body().length())
                ? made
                : AdminResponse.text(503, "too many pages are waiting to be read\n");
        http.downstreamRq.count(response.status());
        listener.count(response.status());
        boolean keepAlive = HttpUtil.isKeepAlive(request) && isWellFormed(request);
        FullHttpResponse message = message(response, keepAlive, request.method().equals(HttpMethod.HEAD));
        LoggedRequest.answered(info, message);
        int size = response.body().length();
        connections.unread(size);
        ctx.writeAndFlush(message).addListener((ChannelFutureListener) written -> {
            connections.unread(-size);
            http.downstreamRqActive.decrement();
            info.endNanos = System.nanoTime();
            http.downstreamRqTime.recordNanos(info.endNanos - info.startNanos);
            log.ended(info);
            left(ctx, response, written, keepAlive);
        });
    }

    /** What is said to a request that is for no page, or null. */
    private static AdminResponse refusal(ChannelHandlerContext ctx, FullHttpRequest request) {
        if (!isWellFormed(request)) {
            return AdminResponse.text(400, "Bad Request");
        }
        String refusal = CallerCheck.refusal(request.method(), request.headers());
        if (refusal == null && ConsoleDoor.isBelow(request.uri())) {
            refusal = ConsoleDoor.refusal(ctx.channel().remoteAddress());
        }
        if (refusal != null) {
            LOG.warn("A request to the admin listener was refused: {}", refusal);
            return AdminResponse.text(403, refusal + "\n");
        }
        return null;
    }

    private AdminResponse page(AdminRequest asked) {
        try {
            return pages.answer(asked);
        } catch (RuntimeException e) {
            LOG.error("The page {} failed", ForeignText.of(asked.path()), e);
            return AdminResponse.text(500, "the page failed: " + e.getClass().getSimpleName() + "\n");
        }
    }

    /** Names and values are checked by the decoder; what they say is checked as on every other port. */
    private static boolean isWellFormed(FullHttpRequest request) {
        if (request.decoderResult().isFailure()
                || !HeaderBlock.isToken(request.method().name())
                || !HeaderBlock.isTarget(request.uri())) {
            return false;
        }
        for (String host : request.headers().getAll(HttpHeaderNames.HOST)) {
            if (!HeaderBlock.isAuthority(host)) {
                return false;
            }
        }
        return true;
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
        if (response.policy() != null) {
            message.headers().set(HttpHeaderNames.CONTENT_SECURITY_POLICY, response.policy());
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
        if (!written.isSuccess() || !keepAlive) {
            ctx.close();
            return;
        }
        within(ctx, timeouts.idleMillis());
        if (waiting.isEmpty()) {
            busy = false;
            ctx.channel().config().setAutoRead(true);
        } else {
            // Not from within the end of the answer before: many small ones would stand in one another.
            ctx.executor().execute(() -> next(ctx));
        }
    }

    private void next(ChannelHandlerContext ctx) {
        FullHttpRequest request = waiting.poll();
        if (request != null) {
            busy = false;
            try {
                channelRead0(ctx, request);
            } finally {
                request.release();
            }
        }
    }

    /** The connection is closed if the present step takes longer than this. */
    private void within(ChannelHandlerContext ctx, long millis) {
        if (deadline != null) {
            deadline.cancel(false);
        }
        deadline = ctx.executor().schedule(() -> ctx.close(), millis, TimeUnit.MILLISECONDS);
    }

    /** The connection is closed, or belongs to the console. */
    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        if (deadline != null) {
            deadline.cancel(false);
        }
        for (FullHttpRequest left = waiting.poll(); left != null; left = waiting.poll()) {
            left.release();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("An admin connection failed", cause);
        ctx.close();
    }
}
