package io.grpcweb.gateway.filter.grpcweb;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.http.FrameScanner;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NotEmpty;

/** The forms of gRPC-Web: however the bytes are cut, padded or ordered, they are the same frames. */
class CodecPropertyTest {

    @Provide
    Arbitrary<List<byte[]>> frames() {
        Arbitrary<byte[]> payload = Arbitraries.bytes().array(byte[].class).ofMaxSize(300);
        return Combinators.combine(Arbitraries.of((byte) 0, (byte) 1), payload)
                .as(CodecPropertyTest::frame)
                .list()
                .ofMaxSize(12);
    }

    private static byte[] frame(byte flags, byte[] payload) {
        return ByteBuffer.allocate(5 + payload.length)
                .put(flags)
                .putInt(payload.length)
                .put(payload)
                .array();
    }

    private static byte[] joined(List<byte[]> parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        parts.forEach(all::writeBytes);
        return all.toByteArray();
    }

    /** Cut at these distances, again and again. */
    private static List<byte[]> cut(byte[] bytes, List<Integer> distances) {
        Iterator<Integer> next =
                Stream.generate(() -> distances).flatMap(List::stream).iterator();
        Stream.Builder<byte[]> parts = Stream.builder();
        for (int at = 0; at < bytes.length; ) {
            int to = Math.min(bytes.length, at + next.next());
            parts.add(Arrays.copyOfRange(bytes, at, to));
            at = to;
        }
        return parts.build().toList();
    }

    private static byte[] taken(ByteBuf buffer) {
        byte[] bytes = new byte[buffer.readableBytes()];
        buffer.readBytes(bytes).release();
        return bytes;
    }

    private static byte[] decoded(List<byte[]> text) {
        QuartetDecoder decoder = new QuartetDecoder();
        List<byte[]> parts = text.stream()
                .map(part -> taken(decoder.decode(Unpooled.wrappedBuffer(part), UnpooledByteBufAllocator.DEFAULT)))
                .toList();
        assertThat(decoder.isComplete()).isTrue();
        return joined(parts);
    }

    /** A sender may pad wherever it flushes. */
    @Property(tries = 300)
    void anyPaddingAndAnyCutOfTheTextIsTheSameFrames(
            @ForAll("frames") List<byte[]> frames,
            @ForAll @NotEmpty List<@IntRange(min = 1, max = 64) Integer> flushes,
            @ForAll @NotEmpty List<@IntRange(min = 1, max = 64) Integer> cuts) {
        byte[] bytes = joined(frames);
        byte[] text = joined(cut(bytes, flushes).stream()
                .map(part -> Base64.getEncoder().encode(part))
                .toList());
        assertThat(decoded(cut(text, cuts))).isEqualTo(bytes);
    }

    @Property(tries = 300)
    void whatIsEncodedDecodesToItselfHoweverTheResponseCame(
            @ForAll("frames") List<byte[]> frames, @ForAll @NotEmpty List<@IntRange(min = 1, max = 64) Integer> cuts) {
        byte[] bytes = joined(frames);
        TextEncoder encoder = new TextEncoder(new FrameScanner());
        List<byte[]> text = cut(bytes, cuts).stream()
                .map(part -> taken(encoder.encode(Unpooled.copiedBuffer(part), UnpooledByteBufAllocator.DEFAULT)))
                .toList();
        assertThat(decoded(text)).isEqualTo(bytes);
    }

    @Property(tries = 300)
    void anyCutIsTheSameMessages(
            @ForAll("frames") List<byte[]> frames, @ForAll @NotEmpty List<@IntRange(min = 1, max = 64) Integer> cuts) {
        FrameScanner scanner = new FrameScanner();
        cut(joined(frames), cuts).forEach(part -> scanner.scan(Unpooled.wrappedBuffer(part)));
        assertThat(scanner.messages()).isEqualTo(frames.size());
        assertThat(scanner.atBoundary()).isTrue();
        assertThat(scanner.longest())
                .isEqualTo(
                        frames.stream().mapToLong(one -> one.length - 5).max().orElse(0));
    }
}
