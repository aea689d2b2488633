package io.grpcweb.gateway.downstream.websocket;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;

/** Lets RSV1 pass on the first frame of a message, where {@link Inflating} wants it, and no other reserved bit (RFC 7692 section 6). */
final class ReservedBits extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        WebSocketFrame frame = (WebSocketFrame) message;
        boolean first = frame instanceof BinaryWebSocketFrame || frame instanceof TextWebSocketFrame;
        if (frame.rsv() != 0 && !(first && frame.rsv() == Inflating.DEFLATED)) {
            frame.release();
            throw new CorruptedWebSocketFrameException(
                    WebSocketCloseStatus.PROTOCOL_ERROR, "a reserved bit that was not agreed on");
        }
        ctx.fireChannelRead(frame);
    }
}
