package io.grpcweb.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForeignTextTest {

    @ParameterizedTest
    @CsvSource({
        "/pkg.Service/Method?a=%20 b, /pkg.Service/Method?a=%20 b",
        "'a\r\nb\tc', 'a\\x0d\\x0ab\\x09c'",
        "'\u001b[31mred', '\\x1b[31mred'",
        "'\u0000\u007f\u0085', '\\x00\\x7f\\x85'",
        "'a\u202eb\u2066c\u200f', 'a\\u202eb\\u2066c\\u200f'",
        "'a\u2028b\u2029c', 'a\\u2028b\\u2029c'",
        "gr\u00fc\u00df \u4e16\u754c, gr\u00fc\u00df \u4e16\u754c",
        "'\ud800', '\\ud800'"
    })
    void whatStrangersSendNeitherEndsALineNorTurnsIt(String sent, String shown) {
        assertThat(ForeignText.of(sent)).isEqualTo(shown);
    }

    @Test
    void itIsCut() {
        assertThat(ForeignText.of("a".repeat(200))).isEqualTo("a".repeat(200));
        assertThat(ForeignText.of("a".repeat(60_000))).isEqualTo("a".repeat(200) + "...");
        assertThat(ForeignText.of(null)).isEmpty();
    }
}
