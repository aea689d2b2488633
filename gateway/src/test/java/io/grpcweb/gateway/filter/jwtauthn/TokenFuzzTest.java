package io.grpcweb.gateway.filter.jwtauthn;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Tokens: whatever comes, it is a token or is refused. */
class TokenFuzzTest {
    private final JwtReader reader = new JwtReader();

    @FuzzTest(maxDuration = "15m")
    void aTokenIsReadOrRefused(byte[] input) {
        read(new String(input, StandardCharsets.ISO_8859_1));
    }

    /** The parts need not be found to be base64 by chance: a line is a header, the next one the claims. */
    @FuzzTest(maxDuration = "15m")
    void itsPartsAreReadOrRefused(byte[] input) {
        String[] parts = new String(input, StandardCharsets.ISO_8859_1).split("\n", 3);
        StringBuilder token = new StringBuilder();
        for (String part : parts) {
            token.append(token.isEmpty() ? "" : ".")
                    .append(Base64.getUrlEncoder()
                            .withoutPadding()
                            .encodeToString(part.getBytes(StandardCharsets.ISO_8859_1)));
        }
        read(token.toString());
    }

    private void read(String token) {
        try {
            Jwt jwt = reader.read(token);
            assertThat(jwt).isNotNull();
            assertThat(token.chars().filter(c -> c == '.').count()).isBetween(2L, 3L);
        } catch (JwtException e) {
            assertThat(e).isNotNull();
        }
    }
}
