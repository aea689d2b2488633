package io.grpcweb.gateway.filter.coding;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpcweb.gateway.testing.Frames;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies written by hand; {@code hello} has the CRC-32 3610a686. */
final class DecodersTest {
    private static final String HELLO = "68656c6c6f";

    /** Not compressed: one stored block (RFC 1951 section 3.2.4). */
    private static final String DEFLATE = "01 0500 faff" + HELLO;

    private static final String TRAILER = "86a61036 05000000";
    private static final String GZIP = "1f8b 08 00 00000000 00 ff" + DEFLATE + TRAILER;

    /** FEXTRA with three bytes, FNAME {@code a}, FCOMMENT {@code bc} and FHCRC (RFC 1952 section 2.3). */
    private static final String GZIP_WITH_ALL =
            "1f8b 08 1e 00000000 00 ff 0300 010203 6100 626300 abcd" + DEFLATE + TRAILER;

    /** The same with an empty extra field. */
    private static final String GZIP_WITH_NOTHING_EXTRA = "1f8b 08 04 00000000 00 ff 0000" + DEFLATE + TRAILER;

    /** A meta-block that is not compressed, and the empty one that is the last (RFC 7932 section 9.2). */
    private static final String BROTLI = "0b0280" + HELLO + "03";

    /** A single segment of five bytes in one raw block (RFC 8878 section 3.1.1). */
    private static final String ZSTD = "28b52ffd 20 05 290000" + HELLO;

    private static String decode(CodingKind kind, String hex, int in, int out) throws CodingException {
        Decoders decoders = Decoders.of(kind);
        Decoder decoder = decoders.take(ImmediateEventExecutor.INSTANCE);
        StringBuilder text = new StringBuilder();
        ByteBuf whole = Unpooled.wrappedBuffer(Frames.hex(hex));
        try {
            while (whole.isReadable()) {
                ByteBuf part = whole.readSlice(Math.min(in, whole.readableBytes()));
                boolean more = true;
                while (more || part.isReadable()) {
                    ByteBuf room = ByteBufAllocator.DEFAULT.directBuffer(out, out);
                    try {
                        more = decoder.decode(part, room);
                        text.append(room.toString(ISO_8859_1));
                    } finally {
                        room.release();
                    }
                }
            }
            return text + (decoder.isComplete() ? "." : "");
        } finally {
            decoders.giveBack(ImmediateEventExecutor.INSTANCE, decoder);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 100})
    void aBodyIsDecodedHoweverItIsCut(int size) throws CodingException {
        for (int room : new int[] {1, 3, 100}) {
            assertThat(decode(CodingKind.GZIP, GZIP, size, room)).isEqualTo("hello.");
            assertThat(decode(CodingKind.GZIP, GZIP_WITH_ALL, size, room)).isEqualTo("hello.");
            assertThat(decode(CodingKind.GZIP, GZIP_WITH_NOTHING_EXTRA, size, room))
                    .isEqualTo("hello.");
            assertThat(decode(CodingKind.GZIP, GZIP + GZIP_WITH_ALL, size, room))
                    .isEqualTo("hellohello.");
            assertThat(decode(CodingKind.BROTLI, BROTLI, size, room)).isEqualTo("hello.");
            assertThat(decode(CodingKind.ZSTD, ZSTD, size, room)).isEqualTo("hello.");
            assertThat(decode(CodingKind.ZSTD, ZSTD + ZSTD, size, room)).isEqualTo("hellohello.");
        }
    }

    @Test
    void aBodyWithoutItsEndIsNotComplete() throws CodingException {
        String nothingYet = "1f8b 08 00";
        assertThat(decode(CodingKind.GZIP, nothingYet, 100, 100)).isEmpty();
        assertThat(decode(CodingKind.GZIP, GZIP.substring(0, GZIP.length() - 2), 100, 100))
                .isEqualTo("hello");
        assertThat(decode(CodingKind.GZIP, GZIP + nothingYet, 100, 100)).isEqualTo("hello");
        assertThat(decode(CodingKind.BROTLI, "0b0280" + HELLO, 100, 100)).isEqualTo("hello");
        assertThat(decode(CodingKind.ZSTD, "28b52ffd 20 06 280000" + HELLO, 100, 100))
                .isEqualTo("hello");
        assertThat(decode(CodingKind.ZSTD, "28b5", 100, 100)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "GZIP, 1f8c 08 00 00000000 00 ff, no gzip header",
        "GZIP, 1f8b 07 00 00000000 00 ff, no gzip header",
        "GZIP, 1f8b 08 20 00000000 00 ff, no gzip header",
        "GZIP, 1f8b 08 00 00000000 00 ff 07, not DEFLATE",
        "GZIP, 1f8b 08 00 00000000 00 ff 01 0500 faff 68656c6c6f 86a61037 05000000, checksum",
        "GZIP, 1f8b 08 00 00000000 00 ff 01 0500 faff 68656c6c6f 86a61036 06000000, length",
        "BROTLI, 0b0280 68656c6c6f 03 00, behind the end",
        "BROTLI, 11111111, not brotli",
        "ZSTD, 29b52ffd 20 05 290000 68656c6c6f, not zstd",
    })
    void whatIsNotInTheCodingIsNamed(CodingKind kind, String hex, String words) {
        assertThatThrownBy(() -> decode(kind, hex, 1, 100))
                .isInstanceOf(CodingException.class)
                .hasMessageContaining(words);
    }

    @Test
    void zstdHasAWindowOfEightMebibytesAtMost() throws CodingException {
        // Window descriptor 0x68: 2 to the power of 23; 0x70: of 24 (RFC 8878 section 3.1.1.1.2).
        assertThat(decode(CodingKind.ZSTD, "28b52ffd 00 68 290000" + HELLO, 100, 100))
                .isEqualTo("hello.");
        assertThatThrownBy(() -> decode(CodingKind.ZSTD, "28b52ffd 00 70 290000" + HELLO, 100, 100))
                .isInstanceOf(CodingException.class);
    }

    @Test
    void soManyAreAtWork() {
        Decoders decoders = Decoders.of(CodingKind.GZIP);
        List<Decoder> taken = new ArrayList<>();
        for (Decoder one = decoders.take(ImmediateEventExecutor.INSTANCE);
                one != null;
                one = decoders.take(ImmediateEventExecutor.INSTANCE)) {
            taken.add(one);
        }
        assertThat(taken).hasSize(256);
        decoders.giveBack(ImmediateEventExecutor.INSTANCE, taken.remove(0));
        taken.add(decoders.take(ImmediateEventExecutor.INSTANCE));
        assertThat(taken).doesNotContainNull();
        taken.forEach(one -> decoders.giveBack(ImmediateEventExecutor.INSTANCE, one));
    }
}
