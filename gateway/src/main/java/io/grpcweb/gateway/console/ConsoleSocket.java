package io.grpcweb.gateway.console;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.timeout.IdleState;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.concurrent.EventExecutor;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The frames of a page's socket. A message of the page is dealt with on the thread of the pages, and nothing more is read meanwhile, nor
 * while the page does not read what it was told, so that a page that sends a lot holds up only itself.
 */
final class ConsoleSocket extends SimpleChannelInboundHandler<WebSocketFrame> {
    private static final Logger LOG = LoggerFactory.getLogger(ConsoleSocket.class);

    private final Backends backends;
    private final EventExecutor page;
    private final IntConsumer open;
    private ConsoleSession session;
    private boolean busy;

    /**
     * A socket that is not open.
     *
     * @param page the thread of the pages
     * @param open is told there how many more sockets there are: 1 when it opens, -1 when it closes
     */
    ConsoleSocket(Backends backends, EventExecutor page, IntConsumer open) {
        this.backends = backends;
        this.page = page;
        this.open = open;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        session = new ConsoleSession(backends, page, (text, written) -> ctx.writeAndFlush(new TextWebSocketFrame(text))
                .addListener(sent -> page.execute(written)));
        page.execute(() -> open.accept(1));
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        page.execute(() -> {
            session.close();
            open.accept(-1);
        });
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, WebSocketFrame frame) {
        if (frame instanceof TextWebSocketFrame text) {
            take(ctx, text.text());
        } else if (frame instanceof PingWebSocketFrame) {
            ctx.writeAndFlush(new PongWebSocketFrame(frame.content().retain()));
        } else if (!(frame instanceof PongWebSocketFrame)) {
            WebSocketCloseStatus status = frame instanceof CloseWebSocketFrame
                    ? WebSocketCloseStatus.NORMAL_CLOSURE
                    : WebSocketCloseStatus.INVALID_MESSAGE_TYPE;
            ctx.writeAndFlush(new CloseWebSocketFrame(status)).addListener(ChannelFutureListener.CLOSE);
        }
    }

    private void take(ChannelHandlerContext ctx, String text) {
        busy = true;
        read(ctx);
        page.execute(() -> {
            try {
                session.take(text);
            } catch (RuntimeException e) {
                LOG.error("The console failed", e);
                ctx.close();
            }
            ctx.executor().execute(() -> {
                busy = false;
                read(ctx);
            });
        });
    }

    private void read(ChannelHandlerContext ctx) {
        ctx.channel().config().setAutoRead(!busy && ctx.channel().isWritable());
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        read(ctx);
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof IdleStateEvent idle) {
            if (idle.state() == IdleState.READER_IDLE) {
                ctx.close();
            } else {
                ctx.writeAndFlush(new PingWebSocketFrame());
            }
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("The socket of a console failed", cause);
        ctx.close();
    }
}
