package io.grpcweb.sample;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.RSAPublicKeySpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class TokenIssuerTest {
    private final TokenIssuer issuer =
            new TokenIssuer(Duration.ofMinutes(5), Clock.fixed(Instant.ofEpochSecond(1_000_000), ZoneOffset.UTC));

    @Test
    void aTokenSaysWhoAndUntilWhen() {
        String[] parts = issuer.token("ada").split("\\.", -1);

        assertThat(text(parts[0])).isEqualTo("{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"desk-1\"}");
        assertThat(text(parts[1]))
                .isEqualTo("{\"iss\":\"https://order-desk.example\",\"aud\":\"order-desk\",\"sub\":\"ada\","
                        + "\"iat\":1000000,\"exp\":1000300}");
    }

    @Test
    void theKeySetVerifiesIt() throws Exception {
        String token = issuer.token("ada");
        int end = token.lastIndexOf('.');
        Matcher n = Pattern.compile("\"n\": \"([^\"]+)\"").matcher(issuer.keySet());
        assertThat(n.find()).isTrue();

        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initVerify(KeyFactory.getInstance("RSA")
                .generatePublic(new RSAPublicKeySpec(
                        new BigInteger(1, Base64.getUrlDecoder().decode(n.group(1))), BigInteger.valueOf(65537))));
        signature.update(token.substring(0, end).getBytes(UTF_8));

        assertThat(signature.verify(Base64.getUrlDecoder().decode(token.substring(end + 1))))
                .isTrue();
    }

    @Test
    void aNameIsAWord() {
        assertThatThrownBy(() -> issuer.token("a\"b")).hasMessage("no name: a\"b");
    }

    private static String text(String part) {
        return new String(Base64.getUrlDecoder().decode(part), UTF_8);
    }
}
