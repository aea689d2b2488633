package io.grpcweb.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http2.Http2Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderLinesTest {
    private static Http2Headers parse(String text) {
        return HeaderLines.parse(text);
    }

    @Test
    void aLineIsAField() {
        Http2Headers fields = parse("Content-Type: application/grpc-web+proto\r\nx-a:b:c \r\nx-a: d\nx-empty:\r\n\r\n");
        assertThat(fields.get("content-type")).hasToString("application/grpc-web+proto");
        assertThat(fields.getAll("x-a")).extracting(CharSequence::toString).containsExactly("b:c", "d");
        assertThat(fields.get("x-empty")).hasToString("");
        assertThat(parse("").isEmpty()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", ":path: /", "a b: c", ": c", "a: b\u0000", "a: b\r\r\n", " a: b", "\u00e9: b"})
    void whatIsNoFieldIsNoHead(String text) {
        assertThat(parse(text)).isNull();
    }
}
