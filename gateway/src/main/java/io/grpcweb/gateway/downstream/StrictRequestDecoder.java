package io.grpcweb.gateway.downstream;

import io.grpcweb.gateway.config.HttpConfig;
import io.grpcweb.gateway.net.RequestLines;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;

/**
 * Netty's decoder, with what it would let pass left for {@link Http1RequestReader} to refuse, and a clock for heads that
 * do not come to their end.
 */
final class StrictRequestDecoder extends RequestLines {
    private static final int CHUNK = 64 * 1024;

    private final IntPredicate turn;
    private final long headNanos;
    private Future<?> clock;
    private boolean inBody;
    private boolean held;

    /** The head of a request took too long, as a user event. */
    enum Event {
        HEAD_TIMEOUT
    }

    /**
     * A decoder of one connection.
     *
     * @param turn asked before each step, with the number of bytes at hand: while it says no, these wait
     */
    StrictRequestDecoder(HttpConfig http, IntPredicate turn) {
        super(new HttpDecoderConfig()
                .setMaxInitialLineLength(http.limits().headerBytes())
                .setMaxHeaderSize(http.limits().headerBytes())
                .setMaxChunkSize(CHUNK)
                .setHeadersFactory(Http1Fields.heads())
                .setTrailersFactory(Http1Fields.trailers())
                .setAllowPartialChunks(true));
        this.turn = turn;
        this.headNanos = http.timeouts().requestHeaders().toNanos();
    }

    /** Goes on with what was held. */
    void goOn(ChannelHandlerContext ctx) throws Exception {
        channelRead(ctx, Unpooled.EMPTY_BUFFER);
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        held = !turn.test(in.readableBytes());
        if (held) {
            return;
        }
        if (headNanos == 0) {
            super.decode(ctx, in, out);
            return;
        }
        int before = out.size();
        boolean any = in.isReadable();
        super.decode(ctx, in, out);
        for (int i = before; i < out.size(); i++) {
            if (out.get(i) instanceof HttpRequest) {
                inBody = true;
                stopClock();
            }
            if (out.get(i) instanceof LastHttpContent) {
                inBody = false;
                any = in.isReadable();
            }
        }
        if (!inBody && any && clock == null) {
            clock = ctx.executor().schedule(() -> late(ctx), headNanos, TimeUnit.NANOSECONDS);
        }
    }

    private void late(ChannelHandlerContext ctx) {
        clock = null;
        ctx.fireUserEventTriggered(Event.HEAD_TIMEOUT);
    }

    /** Netty reads on where nothing could be decoded, which is not so while it waits for its turn. */
    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        if (held) {
            discardSomeReadBytes();
            ctx.fireChannelReadComplete();
        } else {
            super.channelReadComplete(ctx);
        }
    }

    private void stopClock() {
        if (clock != null) {
            clock.cancel(false);
            clock = null;
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        super.channelInactive(ctx);
        stopClock();
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext ctx) throws Exception {
        stopClock();
        super.handlerRemoved0(ctx);
    }

    /** Keeps both fields: a message with both is refused, not repaired (RFC 9112 section 6.3). */
    @Override
    protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {}
}
