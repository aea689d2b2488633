package io.grpcweb.gateway.telemetry.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProtoWriterTest {
    private final ProtoWriter out = new ProtoWriter();

    private String hex() {
        return HexFormat.of().formatHex(out.copy());
    }

    @Test
    void fieldsHaveTheirTags() {
        out.text(1, "ab")
                .whole(2, 300)
                .fixed32(16, 257)
                .flag(3, true)
                .whole(4, 0)
                .text(5, "");

        assertThat(hex()).isEqualTo("0a026162" + "10ac02" + "850101010000" + "1801");
    }

    @Test
    void numbersOfEightBytesAreBigEndian() {
        out.bigEndian(1, 0x0102030405060708L, 9);

        assertThat(hex()).isEqualTo("0a1001020304050607080000000000000009");
    }

    /** The length of a message is known behind it; lengths of one, two and three bytes. */
    @ParameterizedTest
    @ValueSource(ints = {0, 127, 128, 16_383, 16_384, 100_000})
    void messagesAreNested(int length) throws Exception {
        int outer = out.open(1);
        int inner = out.open(2);
        out.oneText(3, "x".repeat(length));
        out.close(inner);
        out.close(outer);
        out.whole(4, 5);

        UnknownFieldSet read = UnknownFieldSet.parseFrom(out.copy());
        assertThat(read.getField(4).getVarintList()).containsExactly(5L);
        ByteString first = read.getField(1).getLengthDelimitedList().get(0);
        ByteString second = UnknownFieldSet.parseFrom(first)
                .getField(2)
                .getLengthDelimitedList()
                .get(0);
        assertThat(UnknownFieldSet.parseFrom(second)
                        .getField(3)
                        .getLengthDelimitedList()
                        .get(0)
                        .toStringUtf8())
                .isEqualTo("x".repeat(length));
    }

    /** A field of HTTP is bytes; a collector takes UTF-8 alone. */
    @Test
    void textsAreUtf8() {
        out.text(1, new String("é".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
        out.text(2, "a\u00ff");
        out.text(3, "\u20ac");

        assertThat(hex()).isEqualTo("0a02c3a9" + "12026121" + "1a03e282ac");
    }

    @Test
    void anEnvelopeIsAroundItems() throws Exception {
        out.text(2, "one").text(2, "two");

        byte[] message = Envelope.otlp(
                        HexFormat.of().parseHex("0a00"), HexFormat.of().parseHex("1a00"))
                .around(out);

        assertThat(HexFormat.of().formatHex(message))
                .isEqualTo("0a10" + "0a00" + "120c" + "1a00" + "12036f6e65120374776f");
        assertThat(UnknownFieldSet.parseFrom(message).getField(1).getLengthDelimitedList())
                .hasSize(1);
        assertThat(List.of(message[0], message[1])).containsExactly((byte) 0x0a, (byte) 0x10);
    }
}
