package io.grpcweb.gateway.filter.grpcweb;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuartetDecoderTest {
    private static final String TEXTS = """
            AAAAAAA=, 0000000000
            AAAAAAIIAQ==, 00000000020801
            AAAAAAMKAWE=, 00000000030a0161
            AAAAAAQKAmFi, 00000000040a026162
            AAAAAAA=AAAAAAMKAWE=, 000000000000000000030a0161
            AAAAAA==AwoBYQ==, 00000000030a0161
            +/+/, fbffbf
            /w==, ff
            //8=, ffff
            Zg==Zg==Zg==, 666666
            """;

    @ParameterizedTest
    @CsvSource(textBlock = TEXTS)
    void aWholeTextIsDecoded(String text, String bytes) {
        assertThat(decode(List.of(text))).isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource(textBlock = TEXTS)
    void theResultDoesNotDependOnWhereTheTextIsCut(String text, String bytes) {
        for (int cut = 0; cut <= text.length(); cut++) {
            assertThat(decode(List.of(text.substring(0, cut), text.substring(cut))))
                    .as("cut at %s", cut)
                    .isEqualTo(bytes);
        }
    }

    @ParameterizedTest
    @CsvSource(textBlock = TEXTS)
    void oneCharacterAtATimeIsDecoded(String text, String bytes) {
        assertThat(decode(text.chars().mapToObj(Character::toString).toList())).isEqualTo(bytes);
    }

    @Test
    void textsBehindOneAnotherAreDecodedHoweverTheyAreCut() {
        StringBuilder text = new StringBuilder();
        StringBuilder bytes = new StringBuilder();
        TEXTS.lines().forEach(line -> {
            List<String> columns = List.of(line.strip().split(", ", 2));
            text.append(columns.get(0));
            bytes.append(columns.get(1));
        });
        for (int size = 1; size <= text.length(); size++) {
            List<String> parts = new ArrayList<>();
            for (int at = 0; at < text.length(); at += size) {
                parts.add(text.substring(at, Math.min(text.length(), at + size)));
            }
            assertThat(decode(parts)).as("parts of %s", size).isEqualTo(bytes.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "****",
                "AAA*",
                "AA-A",
                "AA_A",
                "AAAA\r\nAAAA",
                "AAAA AAAA",
                "AAAAAAMKAWF=",
                "AB==",
                "====",
                "A===",
                "=AAA",
                "AA=A",
                "A=AA",
                "AAA=AAA*",
                "\u0000AAA",
                "\u00ffAAA"
            })
    void whatIsNotBase64IsRefusedHoweverItIsCut(String text) {
        assertThat(decode(List.of(text))).isEqualTo("refused");
        assertThat(decode(text.chars().mapToObj(Character::toString).toList())).isEqualTo("refused");
    }

    @ParameterizedTest
    @ValueSource(strings = {"AAAAAAMKAWE", "A", "AA", "AAA", "AAAAA", "AAA=A"})
    void aTextThatEndsInsideAGroupIsNotComplete(String text) {
        QuartetDecoder decoder = new QuartetDecoder();
        ByteBuf in = Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
        decoder.decode(in, ByteBufAllocator.DEFAULT).release();
        assertThat(decoder.isComplete()).isFalse();
    }

    @Test
    void anEmptyTextIsComplete() {
        assertThat(decode(List.of(""))).isEmpty();
        assertThat(new QuartetDecoder().isComplete()).isTrue();
    }

    /** The bytes in hex digits, or what became of the text instead. */
    private static String decode(List<String> parts) {
        QuartetDecoder decoder = new QuartetDecoder();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (String part : parts) {
            ByteBuf in = Unpooled.copiedBuffer(part, StandardCharsets.ISO_8859_1);
            ByteBuf out = decoder.decode(in, ByteBufAllocator.DEFAULT);
            if (out == null) {
                return "refused";
            }
            byte[] bytes = new byte[out.readableBytes()];
            out.readBytes(bytes);
            out.release();
            all.writeBytes(bytes);
        }
        return decoder.isComplete() ? HexFormat.of().formatHex(all.toByteArray()) : "incomplete";
    }
}
