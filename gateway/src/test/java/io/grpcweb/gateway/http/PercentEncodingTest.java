package io.grpcweb.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PercentEncodingTest {

    @ParameterizedTest
    @CsvSource({
        "no such order, no such order",
        "100%, 100%25",
        "a~b, a%7Eb",
        "\u20ac, %E2%82%AC",
        "\ud83d\ude00, %F0%9F%98%80"
    })
    void aTextIsEncodedAsEnvoyDoes(String text, String encoded) {
        assertThat(PercentEncoding.encode(text)).isEqualTo(encoded);
    }

    @Test
    void controlCharactersAreEncoded() {
        assertThat(PercentEncoding.encode("a\r\n\t\u007f")).isEqualTo("a%0D%0A%09%7F");
    }

    @ParameterizedTest
    @CsvSource({
        "plain, plain",
        "%E2%82%AC, %E2%82%AC",
        "%e2%82%ac, %e2%82%ac",
        "%, %25",
        "%4, %254",
        "%41, %41",
        "%zz, %25zz",
        "%C3, %25C3",
        "%C3x, %25C3x",
        "%80, %2580",
        "%F5%80%80%80, %25F5%2580%2580%2580"
    })
    void whatIsCleanedCanBeDecodedByAScript(String message, String cleaned) {
        assertThat(PercentEncoding.clean(message)).hasToString(cleaned);
    }
}
