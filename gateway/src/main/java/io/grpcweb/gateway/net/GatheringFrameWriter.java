package io.grpcweb.gateway.net;

import static io.netty.handler.codec.http2.Http2CodecUtil.FRAME_HEADER_LENGTH;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DefaultHttp2FrameWriter;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;

/**
 * Writes field blocks and short messages straight into the buffer of a {@link WriteCoalescer}: no buffer, no promise and
 * no way through the pipeline for each frame head. Everything else is left to Netty's writer.
 */
final class GatheringFrameWriter extends DefaultHttp2FrameWriter {
    private final MeteredFieldsEncoder fields;
    private final WriteCoalescer out;
    private final StreamMeters meters;
    private long headersWritten;
    private long dataWritten;
    private long settingsWritten;

    GatheringFrameWriter(MeteredFieldsEncoder fields, WriteCoalescer out, StreamMeters meters) {
        super(fields);
        this.fields = fields;
        this.out = out;
        this.meters = meters;
    }

    /** Heads and trailers so far. */
    long headersWritten() {
        return headersWritten;
    }

    /** DATA frames so far. */
    long dataWritten() {
        return dataWritten;
    }

    /** SETTINGS frames so far, without acknowledgements. */
    long settingsWritten() {
        return settingsWritten;
    }

    @Override
    public ChannelFuture writeSettings(ChannelHandlerContext ctx, Http2Settings settings, ChannelPromise promise) {
        settingsWritten++;
        return super.writeSettings(ctx, settings, promise);
    }

    @Override
    public ChannelFuture writeHeaders(
            ChannelHandlerContext ctx,
            int streamId,
            Http2Headers headers,
            int padding,
            boolean endStream,
            ChannelPromise promise) {
        headersWritten++;
        ByteBuf to = padding == 0 ? out.room() : null;
        if (to == null) {
            ChannelFuture written = super.writeHeaders(ctx, streamId, headers, padding, endStream, promise);
            meters.sentBlock(streamId, fields.block(), maxFrameSize());
            return written;
        }
        int start = to.writerIndex();
        try {
            to.writeZero(FRAME_HEADER_LENGTH);
            fields.encodeHeaders(streamId, headers, to);
        } catch (Http2Exception | RuntimeException e) {
            to.writerIndex(start);
            return promise.setFailure(e);
        }
        int block = to.writerIndex() - start - FRAME_HEADER_LENGTH;
        int flags = endStream ? Http2Flags.END_STREAM : 0;
        if (block <= maxFrameSize()) {
            head(to, start, block, Http2FrameTypes.HEADERS, flags | Http2Flags.END_HEADERS, streamId);
        } else {
            cut(to, start, flags, streamId);
        }
        meters.sentBlock(streamId, block, maxFrameSize());
        out.written();
        return promise.setSuccess();
    }

    /** A block that is longer than a frame goes on in CONTINUATION frames (RFC 9113 section 6.10). */
    private void cut(ByteBuf to, int start, int flags, int streamId) {
        ByteBuf block = to.copy(start + FRAME_HEADER_LENGTH, to.writerIndex() - start - FRAME_HEADER_LENGTH);
        to.writerIndex(start);
        byte type = Http2FrameTypes.HEADERS;
        while (block.isReadable()) {
            int part = Math.min(block.readableBytes(), maxFrameSize());
            int last = part == block.readableBytes() ? Http2Flags.END_HEADERS : 0;
            int at = to.writerIndex();
            to.writeZero(FRAME_HEADER_LENGTH);
            head(to, at, part, type, last | (type == Http2FrameTypes.HEADERS ? flags : 0), streamId);
            to.writeBytes(block, part);
            type = Http2FrameTypes.CONTINUATION;
        }
        block.release();
    }

    @Override
    public ChannelFuture writeData(
            ChannelHandlerContext ctx,
            int streamId,
            ByteBuf data,
            int padding,
            boolean endStream,
            ChannelPromise promise) {
        dataWritten++;
        int bytes = data.readableBytes();
        meters.sent(streamId, bytes + padding, maxFrameSize());
        ByteBuf to = padding == 0 && bytes < WriteCoalescer.COPY_BELOW ? out.room() : null;
        if (to == null) {
            return super.writeData(ctx, streamId, data, padding, endStream, promise);
        }
        int start = to.writerIndex();
        to.ensureWritable(FRAME_HEADER_LENGTH + bytes).writerIndex(start + FRAME_HEADER_LENGTH);
        head(to, start, bytes, Http2FrameTypes.DATA, endStream ? Http2Flags.END_STREAM : 0, streamId);
        to.writeBytes(data);
        data.release();
        out.written();
        return promise.setSuccess();
    }

    @Override
    public ChannelFuture writeRstStream(
            ChannelHandlerContext ctx, int streamId, long errorCode, ChannelPromise promise) {
        meters.sent(streamId, Integer.BYTES, maxFrameSize());
        return super.writeRstStream(ctx, streamId, errorCode, promise);
    }

    @Override
    public ChannelFuture writeWindowUpdate(
            ChannelHandlerContext ctx, int streamId, int windowSizeIncrement, ChannelPromise promise) {
        meters.sent(streamId, Integer.BYTES, maxFrameSize());
        return super.writeWindowUpdate(ctx, streamId, windowSizeIncrement, promise);
    }

    /** Backends that measure the path ask with every answer (gRPC's BDP probes). */
    @Override
    public ChannelFuture writePing(ChannelHandlerContext ctx, boolean ack, long data, ChannelPromise promise) {
        ByteBuf to = out.room();
        if (to == null) {
            return super.writePing(ctx, ack, data, promise);
        }
        int start = to.writerIndex();
        to.ensureWritable(FRAME_HEADER_LENGTH + Long.BYTES).writerIndex(start + FRAME_HEADER_LENGTH);
        head(to, start, Long.BYTES, Http2FrameTypes.PING, ack ? Http2Flags.ACK : 0, 0);
        to.writeLong(data);
        out.written();
        return promise.setSuccess();
    }

    private static void head(ByteBuf to, int at, int length, byte type, int flags, int streamId) {
        to.setMedium(at, length);
        to.setByte(at + 3, type);
        to.setByte(at + 4, flags);
        to.setInt(at + 5, streamId);
    }
}
