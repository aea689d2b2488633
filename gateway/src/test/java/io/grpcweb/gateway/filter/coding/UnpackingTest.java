package io.grpcweb.gateway.filter.coding;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.testing.Frames;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

final class UnpackingTest implements Unpacking.Ends {
    private static final byte[] HELLO =
            Frames.hex("1f8b 08 00 00000000 00 ff 01 0500 faff 68656c6c6f 86a61036 05000000");

    private final List<String> seen = new ArrayList<>();
    private final Decoder decoder = new GzipDecoder();
    private final Unpacking unpacking = new Unpacking(decoder, ByteBufAllocator.DEFAULT, 100, this);
    private long bytes;
    private long mostBytes = Long.MAX_VALUE;

    @Override
    public void data(ByteBuf part) {
        bytes += part.readableBytes();
        part.release();
        if (bytes >= mostBytes) {
            unpacking.receiverReady(false);
        }
    }

    @Override
    public void end(Http2Headers trailers) {
        seen.add("end " + (trailers == null ? "" : trailers.get("a")));
    }

    @Override
    public void failed(String why, boolean tooMuch) {
        seen.add(why + (tooMuch ? "!" : ""));
    }

    private static byte[] zeros(int length) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(new byte[length]);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toByteArray();
    }

    private void feed(byte[] body, boolean end) {
        unpacking.data(Unpooled.wrappedBuffer(body), end);
    }

    private void close() {
        unpacking.close();
        decoder.close();
    }

    @Test
    void theEndKeepsItsPlace() {
        feed(HELLO, true);
        assertThat(bytes).isEqualTo(5);
        assertThat(seen).containsExactly("end ");
        assertThat(unpacking.packed()).isEqualTo(HELLO.length);
        assertThat(unpacking.unpacked()).isEqualTo(5);
        close();
    }

    @Test
    void soDoTrailers() {
        unpacking.receiverReady(false);
        feed(HELLO, false);
        unpacking.trailers(new DefaultHttp2Headers(false).add("a", "b"));
        assertThat(bytes).isZero();
        assertThat(unpacking.isEmpty()).isFalse();
        unpacking.receiverReady(true);
        assertThat(bytes).isEqualTo(5);
        assertThat(seen).containsExactly("end b");
        assertThat(unpacking.isEmpty()).isTrue();
        close();
    }

    @Test
    void noMoreIsDecodedThanTheReceiverTakes() {
        mostBytes = 10_000;
        byte[] body = zeros(60_000);
        feed(body, true);
        assertThat(bytes).isBetween(10_000L, 11_000L);
        assertThat(seen).isEmpty();
        mostBytes = Long.MAX_VALUE;
        unpacking.receiverReady(true);
        assertThat(bytes).isEqualTo(60_000);
        assertThat(seen).containsExactly("end ");
        close();
    }

    @Test
    void aBodyThatGrowsTooMuchEndsAtItsBound() {
        byte[] bomb = zeros(100_000_000);
        feed(bomb, true);
        assertThat(seen).containsExactly("grows to more than 100 times its size!");
        assertThat(bytes).isLessThanOrEqualTo(100L * bomb.length);
        // Nothing follows.
        feed(bomb, true);
        unpacking.receiverReady(true);
        assertThat(seen).hasSize(1);
        close();
    }

    @Test
    void aShortBodyMayHaveGrownByAnyFactor() {
        byte[] body = zeros(64 * 1024);
        assertThat(body.length * 100).isLessThan(64 * 1024);
        feed(body, true);
        assertThat(seen).containsExactly("end ");
        close();
    }

    @Test
    void aBodyThatEndsEarlyFails() {
        feed(Frames.hex("1f8b 08 00 00000000 00 ff 01 0500 faff 6865"), true);
        assertThat(seen).containsExactly("ends in the middle");
        close();
    }

    @Test
    void aBodyInAnotherCodingFails() {
        feed(Frames.F3, false);
        assertThat(seen).containsExactly("no gzip header");
        close();
    }

    @Test
    void noBodyIsABody() {
        feed(new byte[0], true);
        assertThat(seen).containsExactly("end ");
        close();
    }

    @Test
    void whatIsHeldIsLetGo() {
        unpacking.receiverReady(false);
        ByteBuf held = Unpooled.copiedBuffer(HELLO);
        unpacking.data(held, false);
        close();
        assertThat(held.refCnt()).isZero();
        assertThat(seen).isEmpty();
    }
}
