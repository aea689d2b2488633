package io.grpcweb.gateway.downstream.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.util.ReferenceCountUtil;
import java.util.function.Consumer;

/**
 * Netty's codec of WebSocket frames, apart from the connection: the bytes are the body of an exchange, whatever the HTTP
 * version, so the handlers stand in a pipeline without a transport. Confined to one event loop.
 */
final class WebSocketFrames {
    /** Who reads the frames; it releases what it is given. */
    interface Reader {
        /** A whole message, or a control frame. */
        void frame(WebSocketFrame frame);

        /** What came is no WebSocket frame that may come here. */
        void fault(WebSocketCloseStatus status, String reason);

        /** One of the reader's own methods failed. */
        void broken(Throwable fault);
    }

    private final EmbeddedChannel channel;
    private boolean reading;
    private boolean closed;

    /**
     * A codec of a server.
     *
     * @param most bytes of a message
     * @param deflate whether permessage-deflate was agreed on
     * @param out takes over what is written, as bytes
     */
    WebSocketFrames(ByteBufAllocator allocator, int most, boolean deflate, Reader reader, Consumer<ByteBuf> out) {
        WebSocketDecoderConfig config = WebSocketDecoderConfig.newBuilder()
                .maxFramePayloadLength(most)
                .allowExtensions(deflate)
                .closeOnProtocolViolation(false)
                .build();
        channel = new EmbeddedChannel();
        channel.config().setAllocator(allocator);
        ChannelPipeline pipeline = channel.pipeline();
        pipeline.addLast(new Outlet(out), new WebSocket13FrameEncoder(false), new WebSocket13FrameDecoder(config));
        if (deflate) {
            pipeline.addLast(new ReservedBits());
        }
        pipeline.addLast(new FrameFlood(System::nanoTime), new WebSocketFrameAggregator(most));
        if (deflate) {
            pipeline.addLast(new Inflating(most), new Deflating());
        }
        pipeline.addLast(new Inlet(reader));
    }

    /** Bytes from the client; takes them over. */
    void read(ByteBuf bytes) {
        if (closed) {
            bytes.release();
            return;
        }
        reading = true;
        try {
            channel.pipeline().fireChannelRead(bytes).fireChannelReadComplete();
        } finally {
            reading = false;
        }
        if (closed) {
            channel.close();
        }
    }

    /** A frame to the client; takes it over. */
    void write(WebSocketFrame frame) {
        channel.pipeline().write(frame);
    }

    /** Lets go of what has come of a frame. */
    void close() {
        closed = true;
        if (!reading) {
            channel.close();
        }
    }

    /** Where the codec ends: what it has written goes to the exchange, without a queue in between. */
    private static final class Outlet extends ChannelOutboundHandlerAdapter {
        private final Consumer<ByteBuf> out;

        Outlet(Consumer<ByteBuf> out) {
            this.out = out;
        }

        @Override
        public void write(ChannelHandlerContext ctx, Object bytes, ChannelPromise promise) {
            out.accept((ByteBuf) bytes);
            promise.setSuccess();
        }
    }

    private final class Inlet extends ChannelInboundHandlerAdapter {
        private final Reader reader;

        Inlet(Reader reader) {
            this.reader = reader;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object frame) {
            if (closed) {
                ReferenceCountUtil.release(frame);
            } else {
                reader.frame((WebSocketFrame) frame);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            if (closed) {
                return;
            }
            if (cause instanceof CorruptedWebSocketFrameException corrupt) {
                reader.fault(corrupt.closeStatus(), corrupt.getMessage());
            } else if (cause instanceof TooLongFrameException) {
                reader.fault(WebSocketCloseStatus.MESSAGE_TOO_BIG, "message too long");
            } else {
                reader.broken(cause);
            }
        }
    }

    /** A Close frame whose reason fits into a control frame (RFC 6455 section 5.5). */
    static CloseWebSocketFrame closing(WebSocketCloseStatus status, String reason) {
        return new CloseWebSocketFrame(status, reason.substring(0, fitting(reason, 123)));
    }

    /** How many characters of a text fit into so many bytes of UTF-8; none of them is cut in two. */
    private static int fitting(String text, int most) {
        int bytes = 0;
        int end = 0;
        while (end < text.length()) {
            int next = text.offsetByCodePoints(end, 1);
            bytes += ByteBufUtil.utf8Bytes(text, end, next);
            if (bytes > most) {
                break;
            }
            end = next;
        }
        return end;
    }
}
