package io.grpcweb.gateway.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.http.WireBytes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerAdapter;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GatheringFrameWriterTest {
    private final WriteCoalescer coalescer = new WriteCoalescer();
    private final EmbeddedChannel channel = new EmbeddedChannel(coalescer, new ChannelHandlerAdapter() {});
    private final ChannelHandlerContext context = channel.pipeline().lastContext();
    private final MeteredFieldsEncoder encoder = new MeteredFieldsEncoder((name, value) -> false, false);
    private final StreamMeters meters = new StreamMeters();
    private final GatheringFrameWriter writer = new GatheringFrameWriter(encoder, coalescer, meters);

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
        writer.close();
    }

    private static Http2Headers ok() {
        return new DefaultHttp2Headers().status("200");
    }

    private String flushed() {
        channel.flush();
        ByteBuf all = Unpooled.buffer();
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            all.writeBytes(part);
            part.release();
        }
        return ByteBufUtil.hexDump(all);
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }

    @Test
    void anAnswerLeavesAsOneBuffer() {
        assertThat(writer.writeHeaders(context, 3, ok(), 0, false, channel.newPromise())
                        .isSuccess())
                .isTrue();
        assertThat(writer.writeData(context, 3, bytes("abc"), 0, false, channel.newPromise())
                        .isSuccess())
                .isTrue();
        Http2Headers trailers = new DefaultHttp2Headers().add("a", "b");
        assertThat(writer.writeHeaders(context, 3, trailers, 0, true, channel.newPromise())
                        .isSuccess())
                .isTrue();
        channel.flush();
        assertThat(channel.outboundMessages()).hasSize(1);
        assertThat(flushed())
                .isEqualTo("000001" + "01" + "04" + "00000003" + "88"
                        + "000003" + "00" + "00" + "00000003" + "616263"
                        // A literal with incremental indexing; both strings are no shorter in Huffman's code.
                        + "000005" + "01" + "05" + "00000003" + "4001610162");
    }

    @Test
    void anEmptyFrameEndsAStream() {
        writer.writeData(context, 5, Unpooled.EMPTY_BUFFER, 0, true, channel.newPromise());
        assertThat(flushed()).isEqualTo("000000" + "00" + "01" + "00000005");
    }

    @Test
    void framesOfAStreamAreCountedAsLongAsSomebodyWantsTo() throws Exception {
        WireBytes bytes = new WireBytes();
        meters.count(1, bytes);
        Http2Headers fields = ok().add("a", "~".repeat(40_000));
        writer.writeHeaders(context, 1, fields, 0, false, channel.newPromise());
        writer.writeHeaders(context, 3, ok(), 0, false, channel.newPromise());
        // Three frames; :status is one byte, the name and the two lengths are seven.
        assertThat(bytes.headersSent).isEqualTo(3 * 9 + 40_008);
        channel.flush();
        channel.releaseOutbound();
        writer.writeData(context, 1, Unpooled.buffer().writeZero(20_000), 0, false, channel.newPromise());
        writer.writeWindowUpdate(context, 1, 1, channel.newPromise());
        writer.writeRstStream(context, 1, 8, channel.newPromise());
        assertThat(bytes.sent).isEqualTo(3 * 9 + 40_008 + 2 * 9 + 20_000 + 13 + 13);
        assertThat(flushed()).hasSize(2 * (2 * 9 + 20_000 + 13 + 13));
        meters.closed(1);
        writer.writeRstStream(context, 1, 8, channel.newPromise());
        assertThat(bytes.sent).isEqualTo(3 * 9 + 40_008 + 2 * 9 + 20_000 + 13 + 13);
    }

    @Test
    void aBlockThatCannotWaitIsCountedToo() throws Exception {
        WireBytes bytes = new WireBytes();
        meters.count(1, bytes);
        channel.close();
        writer.writeHeaders(context, 1, ok(), 0, true, channel.newPromise());
        assertThat(bytes.headersSent).isEqualTo(10);
    }

    @Test
    void aPingIsAnsweredBehindWhatWasWritten() {
        writer.writeData(context, 5, bytes("a"), 0, false, channel.newPromise());
        writer.writePing(context, true, 0x0102030405060708L, channel.newPromise());
        assertThat(flushed())
                .isEqualTo("000001" + "00" + "00" + "00000005" + "61" + "000008" + "06" + "01" + "00000000"
                        + "0102030405060708");
    }

    @Test
    void aLargePartOfABodyPassesBehindWhatWasGathered() {
        ByteBuf large = Unpooled.buffer().writeZero(4096);
        writer.writeHeaders(context, 1, ok(), 0, false, channel.newPromise());
        writer.writeData(context, 1, large, 0, false, channel.newPromise());
        writer.writeData(context, 1, bytes("a"), 0, true, channel.newPromise());
        assertThat(flushed())
                .isEqualTo("000001" + "01" + "04" + "00000001" + "88"
                        + "001000" + "00" + "00" + "00000001" + "00".repeat(4096)
                        + "000001" + "00" + "01" + "00000001" + "61");
    }

    @Test
    void aBlockThatIsLongerThanAFrameGoesOnInContinuations() throws Exception {
        String value = "~".repeat(40_000);
        Http2Headers fields = ok().add("a", value);
        writer.writeHeaders(context, 1, fields, 0, true, channel.newPromise());
        ByteBuf frames = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(flushed()));
        ByteBuf block = Unpooled.buffer();
        StringBuilder heads = new StringBuilder();
        while (frames.isReadable()) {
            int length = frames.getUnsignedMedium(frames.readerIndex());
            heads.append(ByteBufUtil.hexDump(frames, frames.readerIndex(), 9)).append(' ');
            block.writeBytes(frames.skipBytes(9), length);
        }
        // :status is one byte, the name and the two lengths are seven.
        assertThat(heads.toString())
                .isEqualTo("004000" + "01" + "01" + "00000001 "
                        + "004000" + "09" + "00" + "00000001 "
                        + "001c48" + "09" + "04" + "00000001 ");
        assertThat(new DefaultHttp2HeadersDecoder(false, 100_000).decodeHeaders(1, block))
                .isEqualTo(fields);
    }

    @Test
    void fieldsThatThePeerDoesNotTakeLeaveNothingBehind() throws Exception {
        encoder.maxHeaderListSize(100);
        Http2Headers fields = ok().add("a", "b".repeat(200));
        assertThat(writer.writeHeaders(context, 1, fields, 0, true, channel.newPromise())
                        .isSuccess())
                .isFalse();
        writer.writeData(context, 3, bytes("a"), 0, true, channel.newPromise());
        assertThat(flushed()).isEqualTo("000001" + "00" + "01" + "00000003" + "61");
    }
}
