package io.grpcweb.gateway.filter.grpcjsontranscoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArraySplitterTest {

    /** The elements of a text that comes in parts of so many bytes. */
    private static List<String> split(String text, int part, int most) throws Refusal {
        ArraySplitter splitter = new ArraySplitter(most, UnpooledByteBufAllocator.DEFAULT);
        List<String> found = new ArrayList<>();
        ByteBuf all = Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
        try {
            while (all.isReadable()) {
                ByteBuf data = all.readSlice(Math.min(part, all.readableBytes()));
                while (splitter.next(data)) {
                    found.add(splitter.element().toString(StandardCharsets.UTF_8));
                }
            }
            splitter.end();
            return found;
        } finally {
            splitter.release();
            all.release();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[] | ``",
                " [ ] | ``",
                "[{}] | {}",
                "[{\"a\":1},{\"b\":[{}]}] | {\"a\":1};{\"b\":[{}]}",
                "[ {\"a\":\"]}\\\"\"} , {} ] | {\"a\":\"]}\\\"\"};{}",
                "[{'a':'\"]'},] | {'a':'\"]'}",
                "[1,null , \"x,]\"] | 1;null;\"x,]\"",
                "[[1],[]] | [1];[]",
            })
    void elementsInWhateverPartsTheyCome(String text, String elements) throws Refusal {
        List<String> expected = elements.isEmpty() ? List.of() : List.of(elements.split(";"));
        assertThat(split(text, 1000, 1000)).isEqualTo(expected);
        assertThat(split(text, 1, 1000)).isEqualTo(expected);
        assertThat(split(text, 3, 1000)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | Expected an array instead of an object",
                "`` | Expected an array instead of an object",
                "1 | Expected an array instead of a scalar value.",
                "[{} {}] | Expected , or ] after array value.",
                "[{}]x | Parsing terminated before end of input.",
                "[{} | Unexpected end of string. Expected , or ] after array value.",
                "[{\"a\":\" | Unexpected end of string. Expected , or ] after array value.",
                "[,{}] | Expected a value before the comma.",
            })
    void whatIsNoArray(String text, String message) {
        assertThatThrownBy(() -> split(text, 2, 1000))
                .isInstanceOfSatisfying(
                        Refusal.class,
                        refusal -> assertThat(refusal.reply().httpStatus()).isEqualTo(400))
                .hasMessage(message);
    }

    @Test
    void anElementIsBoundedAndTheirNumberIsNot() throws Refusal {
        assertThat(split("[" + "{\"a\":1},".repeat(1000) + "{}]", 7, 7)).hasSize(1001);
        assertThatThrownBy(() -> split("[{\"a\":12}]", 2, 7))
                .isInstanceOfSatisfying(
                        Refusal.class,
                        refusal -> assertThat(refusal.reply().httpStatus()).isEqualTo(413));
    }
}
