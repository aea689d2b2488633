package io.grpcweb.gateway.downstream.websocket;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import java.util.function.LongSupplier;

/**
 * Ends a WebSocket that is kept busy with frames which carry nothing: pings, pongs, and messages in tiny pieces. A client
 * that means a call has far fewer of them than the bucket of tokens holds.
 */
final class FrameFlood extends ChannelInboundHandlerAdapter {
    private static final int BUCKET = 200;
    private static final long NANOS_A_TOKEN = 50_000_000;
    private static final int TINY = 128;

    private final LongSupplier nanoTime;
    private int tokens = BUCKET;
    private long filled;

    FrameFlood(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.filled = nanoTime.getAsLong();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        WebSocketFrame frame = (WebSocketFrame) message;
        if (carriesNothing(frame) && !spend()) {
            ReferenceCountUtil.release(frame);
            throw new CorruptedWebSocketFrameException(
                    WebSocketCloseStatus.POLICY_VIOLATION, "too many frames that carry nothing");
        }
        ctx.fireChannelRead(frame);
    }

    private static boolean carriesNothing(WebSocketFrame frame) {
        boolean message = frame instanceof BinaryWebSocketFrame || frame instanceof TextWebSocketFrame;
        if (message && frame.isFinalFragment()) {
            return false;
        }
        boolean piece = message || frame instanceof ContinuationWebSocketFrame;
        return !piece || frame.content().readableBytes() < TINY;
    }

    private boolean spend() {
        if (tokens == 0) {
            long now = nanoTime.getAsLong();
            long fresh = (now - filled) / NANOS_A_TOKEN;
            tokens = (int) Math.min(BUCKET, fresh);
            filled = now;
        }
        if (tokens == 0) {
            return false;
        }
        tokens--;
        return true;
    }
}
