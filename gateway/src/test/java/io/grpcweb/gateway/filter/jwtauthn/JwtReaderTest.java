package io.grpcweb.gateway.filter.jwtauthn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.grpcweb.gateway.testing.Tokens;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JwtReaderTest {
    private static final String HEAD = part("{\"alg\":\"RS256\"}");

    private static String part(String json) {
        return Tokens.base64(json.getBytes(StandardCharsets.UTF_8));
    }

    private static JwtStatus refusal(String token) {
        try {
            new JwtReader().read(token);
            return JwtStatus.OK;
        } catch (JwtException e) {
            return e.status();
        }
    }

    @Test
    void aTokenIsTakenApart() throws JwtException {
        String payload =
                part("{\"iss\":\"i\",\"sub\":\"s\",\"aud\":[\"a\",\"b\"],\"iat\":1,\"nbf\":2.9,\"exp\":3,\"x\":null}");

        Jwt token = new JwtReader().read(part("{\"alg\":\"ES256\",\"kid\":\"k\"}") + "." + payload + ".AQID");

        assertThat(token.alg()).isEqualTo(Algorithm.ES256);
        assertThat(token.kid()).isEqualTo("k");
        assertThat(token.issuer()).isEqualTo("i");
        assertThat(token.subject()).isEqualTo("s");
        assertThat(token.audiences()).containsExactly("a", "b");
        assertThat(List.of(token.issuedAt(), token.notBefore(), token.expires()))
                .containsExactly(1L, 2L, 3L);
        assertThat(token.payload()).isEqualTo(payload);
        assertThat(token.signature()).containsExactly(1, 2, 3);
        assertThat(new String(token.signed(), StandardCharsets.US_ASCII))
                .isEqualTo(part("{\"alg\":\"ES256\",\"kid\":\"k\"}") + "." + payload);
        assertThat(token.claims()).containsEntry("x", null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "a.b", "a.b.", "a..c", ".b.c", "a.b.c.d", "..", "a.b.c."})
    void threePartsAreExpected(String token) {
        assertThat(refusal(token)).isEqualTo(JwtStatus.BAD_FORM);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "e!!|HEADER_BASE64",
                "e|HEADER_BASE64",
                "{|HEADER_JSON",
                "[]|HEADER_JSON",
                "{} {}|HEADER_JSON",
                "{}|HEADER_ALG",
                "{\"alg\":5}|HEADER_ALG",
                "{\"alg\":\"none\"}|UNKNOWN_ALG",
                "{\"alg\":\"rs256\"}|UNKNOWN_ALG",
                "{\"alg\":\"RS256\",\"kid\":5}|HEADER_KID"
            })
    void aHeaderThatIsBrokenIsNamed(String header, JwtStatus status) {
        String text = header.startsWith("e") ? header : part(header);
        assertThat(refusal(text + "." + part("{}") + ".AAAA")).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "e!!|PAYLOAD_BASE64",
                "[]|PAYLOAD_JSON",
                "{\"iss\":\"a\",\"iss\":\"b\"}|PAYLOAD_JSON",
                "{\"iss\":7}|BAD_ISS",
                "{\"iss\":null}|BAD_ISS",
                "{\"sub\":[]}|BAD_SUB",
                "{\"jti\":7}|BAD_JTI",
                "{\"iat\":\"1\"}|IAT_NO_INTEGER",
                "{\"iat\":-1}|IAT_RANGE",
                "{\"nbf\":true}|NBF_NO_INTEGER",
                "{\"nbf\":1e30}|NBF_RANGE",
                "{\"exp\":\"soon\"}|EXP_NO_INTEGER",
                "{\"exp\":99999999999999999999}|EXP_RANGE",
                "{\"aud\":7}|BAD_AUD",
                "{\"aud\":[\"a\",7]}|BAD_AUD",
                "{\"aud\":null}|BAD_AUD",
                "{\"aud\":[]}|OK"
            })
    void aPayloadThatIsBrokenIsNamed(String payload, JwtStatus status) {
        String text = payload.startsWith("e") ? payload : part(payload);
        assertThat(refusal(HEAD + "." + text + ".AAAA")).isEqualTo(status);
    }

    @Test
    void aSignatureIsBase64AndAsLongAsItsAlgorithmSays() {
        assertThat(refusal(HEAD + "." + part("{}") + ".A!")).isEqualTo(JwtStatus.SIGNATURE_BASE64);
        assertThat(refusal(part("{\"alg\":\"EdDSA\"}") + "." + part("{}") + ".AAAA"))
                .isEqualTo(JwtStatus.ED25519_LENGTH);
    }

    @Test
    void jsonIsNestedAHundredLevelsAtMost() {
        assertThat(refusal(HEAD + "." + part("{\"x\":" + "[".repeat(98) + "]".repeat(98) + "}") + ".AAAA"))
                .isEqualTo(JwtStatus.OK);
        assertThat(refusal(HEAD + "." + part("{\"x\":" + "[".repeat(200) + "]".repeat(200) + "}") + ".AAAA"))
                .isEqualTo(JwtStatus.PAYLOAD_JSON);
    }

    @Test
    void aRefusalHasNoStackTrace() {
        assertThatExceptionOfType(JwtException.class)
                .isThrownBy(() -> new JwtReader().read("x"))
                .satisfies(e -> assertThat(e.getStackTrace()).isEmpty());
    }
}
