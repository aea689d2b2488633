package io.grpcweb.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
        "%F5%80%80%80, %25F5%2580%2580%2580",
        // Overlong forms, surrogates, values above U+10FFFF, cut-off and lone octets.
        "%C0%AF, %25C0%25AF",
        "%C1%BF, %25C1%25BF",
        "%E0%80%80, %25E0%2580%2580",
        "%E0%9F%BF, %25E0%259F%25BF",
        "%F0%80%80%AF, %25F0%2580%2580%25AF",
        "%F0%8F%BF%BF, %25F0%258F%25BF%25BF",
        "%ED%A0%80, %25ED%25A0%2580",
        "%ED%BF%BF, %25ED%25BF%25BF",
        "%F4%90%80%80, %25F4%2590%2580%2580",
        "%F8%88%80%80%80, %25F8%2588%2580%2580%2580",
        "%E2%82, %25E2%2582",
        "%E2%82%AC%BF, %25E2%2582%25AC%25BF",
        "%E2%41%41, %25E2%2541%2541",
        // The ends of what is good.
        "%C2%80, %C2%80",
        "%E0%A0%80, %E0%A0%80",
        "%ED%9F%BF, %ED%9F%BF",
        "%EE%80%80, %EE%80%80",
        "%F0%90%80%80, %F0%90%80%80",
        "%F4%8F%BF%BF, %F4%8F%BF%BF",
        // Bytes as they are.
        "\u00e2\u0082\u00ac, %E2%82%AC",
        "\u00ed\u00a0\u0080, %25ED%25A0%2580",
        "\u00e0\u0080\u0080x, %25E0%2580%2580x",
        "\u00e9, %25E9",
        "%E2\u0082%AC, %E2%82%AC"
    })
    void whatIsCleanedCanBeDecodedByAScript(String message, String cleaned) {
        assertThat(PercentEncoding.clean(message)).hasToString(cleaned);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"%ED%A0%80", "\u00ff\u00fe", "%E2%82", "%", "\u00f4\u0090\u0080\u0080", "a%zzb", "%25%C0%AF"})
    void everythingThatIsCleanedIsUtf8(String message) throws Exception {
        String decoded = URLDecoder.decode(PercentEncoding.clean(message).toString(), StandardCharsets.UTF_8);
        assertThat(decoded).doesNotContain("\ufffd");
    }

    @Test
    void bytesOfATextThatAreNoUtf8BecomeTheReplacementCharacter() {
        assertThat(PercentEncoding.encode(new byte[] {'a', (byte) 0xed, (byte) 0xff, 'b'}))
                .isEqualTo("a%EF%BF%BD%EF%BF%BDb");
    }
}
