package io.grpcweb.gateway.filter.coding;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.Unpacked;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What encoders write, as other decoders read it. */
final class EncodersTest {
    private static final EventExecutor LOOP = ImmediateEventExecutor.INSTANCE;

    static Stream<Coding> codings() {
        return Stream.of(
                Coding.Gzip.USUAL,
                new Coding.Gzip(1, Coding.GzipStrategy.HUFFMAN_ONLY, 4096),
                new Coding.Gzip(9, Coding.GzipStrategy.FILTERED, 65_536),
                Coding.Brotli.USUAL,
                new Coding.Brotli(11, 10, Coding.BrotliMode.FONT),
                Coding.Zstd.USUAL,
                new Coding.Zstd(1, Coding.ZstdStrategy.BTULTRA2, true, 4096));
    }

    /** Half of it can be compressed. */
    private static byte[] sample(int length) {
        byte[] sample = new byte[length];
        new Random(length).nextBytes(sample);
        for (int i = 0; i < length; i += 2) {
            sample[i] = 'a';
        }
        return sample;
    }

    private static byte[] encode(Encoder encoder, ByteBuf... parts) {
        ByteBuf out = ByteBufAllocator.DEFAULT.directBuffer();
        try {
            for (ByteBuf part : parts) {
                encoder.add(part, out);
                part.release();
            }
            encoder.finish(out);
            return ByteBufUtil.getBytes(out);
        } finally {
            out.release();
        }
    }

    private static ByteBuf direct(byte[] bytes) {
        return ByteBufAllocator.DEFAULT.directBuffer().writeBytes(bytes);
    }

    @ParameterizedTest
    @MethodSource("codings")
    void whatIsEncodedIsReadByOthers(Coding coding) {
        Encoders encoders = Encoders.of(coding);
        byte[] whole = sample(300_000);
        for (int turn = 0; turn < 3; turn++) {
            Encoder encoder = encoders.take(LOOP);
            byte[] heap = encode(encoder, Unpooled.wrappedBuffer(whole));
            encoders.giveBack(LOOP, encoder);
            assertThat(Unpacked.of(coding.token(), heap)).isEqualTo(whole);

            encoder = encoders.take(LOOP);
            byte[] parts = encode(
                    encoder,
                    direct(Frames.F3),
                    Unpooled.EMPTY_BUFFER,
                    Unpooled.wrappedBuffer(direct(whole), Unpooled.wrappedBuffer(Frames.F4)));
            encoders.giveBack(LOOP, encoder);
            assertThat(Unpacked.of(coding.token(), parts)).isEqualTo(Frames.concat(Frames.F3, whole, Frames.F4));
        }
    }

    @ParameterizedTest
    @MethodSource("codings")
    void whatIsFlushedCanBeRead(Coding coding) {
        Encoders encoders = Encoders.of(coding);
        Encoder encoder = encoders.take(LOOP);
        ByteBuf out = ByteBufAllocator.DEFAULT.directBuffer();
        encoder.add(Unpooled.wrappedBuffer(Frames.F3), out);
        encoder.flush(out);
        int first = out.readableBytes();
        // Nothing new: whatever leaves says nothing.
        encoder.flush(out);
        encoder.add(Unpooled.wrappedBuffer(Frames.F4), out);
        encoder.flush(out);
        byte[] all = ByteBufUtil.getBytes(out);
        assertThat(Decoded.beginning(coding.kind(), all, first)).isEqualTo(Frames.F3);
        assertThat(Decoded.beginning(coding.kind(), all, all.length)).isEqualTo(Frames.concat(Frames.F3, Frames.F4));
        out.release();
        encoders.giveBack(LOOP, encoder);
    }

    @ParameterizedTest
    @MethodSource("codings")
    void anEmptyBodyHasAForm(Coding coding) {
        Encoders encoders = Encoders.of(coding);
        Encoder encoder = encoders.take(LOOP);
        assertThat(Unpacked.of(coding.token(), encode(encoder))).isEmpty();
        encoders.giveBack(LOOP, encoder);
    }

    @Test
    void gzipHasAHeaderOfTenBytes() {
        Encoder encoder = new GzipEncoder(Coding.Gzip.USUAL);
        byte[] body = encode(encoder, Unpooled.wrappedBuffer(Frames.F3));
        encoder.close();
        assertThat(body).startsWith(Frames.hex("1f8b 08 00 00000000 00 ff"));
        // The checksum of the eight bytes, and their number.
        assertThat(body).endsWith(Frames.hex("de95ae59 08000000"));
    }

    @Test
    void soManyAreAtWork() {
        Encoders encoders = Encoders.of(Coding.Gzip.USUAL);
        List<Encoder> taken = new ArrayList<>();
        for (Encoder one = encoders.take(LOOP); one != null; one = encoders.take(LOOP)) {
            taken.add(one);
        }
        assertThat(taken).hasSize(256);
        encoders.giveBack(LOOP, taken.remove(0));
        taken.add(encoders.take(LOOP));
        assertThat(taken).doesNotContainNull();
        taken.forEach(one -> encoders.giveBack(LOOP, one));
    }
}
