package io.grpcweb.gateway.filter.jwtauthn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpcweb.gateway.testing.Tokens;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VerifierTest {
    private static final Tokens TOKENS = new Tokens();
    private static final String[] ALL = {
        "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "HS256", "HS384",
        "HS512"
    };

    private static JwtStatus verify(String keys, String token) throws IOException, JwtException {
        return new Verifier(KeySet.parse(keys)).verify(new JwtReader().read(token));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "HS256",
                "HS384", "HS512"
            })
    void eachAlgorithmIsVerified(String alg) throws Exception {
        String good = TOKENS.token(alg, Tokens.claims(""));
        Verifier verifier = new Verifier(KeySet.parse(TOKENS.keys(ALL)));
        JwtReader reader = new JwtReader();
        assertThat(verifier.verify(reader.read(good))).isEqualTo(JwtStatus.OK);
        String tampered = TOKENS.token(alg, Tokens.claims(",\"x\":1"));
        tampered = tampered.substring(0, tampered.lastIndexOf('.')) + good.substring(good.lastIndexOf('.'));
        assertThat(verifier.verify(reader.read(tampered))).isEqualTo(JwtStatus.FAILS);
        // What the one before left behind does not matter.
        assertThat(verifier.verify(reader.read(good))).isEqualTo(JwtStatus.OK);
    }

    @ParameterizedTest
    @CsvSource({"RS512", "PS256", "HS256"})
    void aKeyThatIsForOneAlgorithmTakesNoOther(String alg) throws Exception {
        String header = "{\"alg\":\"" + alg + "\",\"kid\":\"RS256\"}";
        assertThat(verify(TOKENS.keys("RS256"), TOKENS.token(alg, header, Tokens.claims(""))))
                .isEqualTo(JwtStatus.NO_KEY);
    }

    @Test
    void aPublicKeyIsNoSecret() throws Exception {
        String header = "{\"alg\":\"HS256\"}";
        assertThat(verify(TOKENS.bareKeys("RS256"), TOKENS.trick(header, Tokens.claims(""))))
                .isEqualTo(JwtStatus.FAILS);
    }

    @Test
    void aCurveGoesWithItsAlgorithm() throws Exception {
        // A signature of the right key over the wrong curve, RFC 7518 section 3.4.
        String header = "{\"alg\":\"ES256\"}";
        assertThat(verify(TOKENS.bareKeys("ES512"), TOKENS.token("ES512", header, Tokens.claims(""))))
                .isEqualTo(JwtStatus.FAILS);
    }

    @Test
    void aTokenWithoutAKeyIdTriesAllThatMayBeMeant() throws Exception {
        String token = TOKENS.token("ES384", "{\"alg\":\"ES384\"}", Tokens.claims(""));
        assertThat(verify(TOKENS.bareKeys("RS256", "ES256", "ES384"), token)).isEqualTo(JwtStatus.OK);
        assertThat(verify(TOKENS.keys("RS256", "ES256"), token)).isEqualTo(JwtStatus.NO_KEY);
    }

    @Test
    void aKeyIdThatNoKeyHasIsNotGuessedAt() throws Exception {
        String token = TOKENS.token("RS256", "{\"alg\":\"RS256\",\"kid\":\"other\"}", Tokens.claims(""));
        assertThat(verify(TOKENS.keys("RS256"), token)).isEqualTo(JwtStatus.NO_KEY);
        assertThat(verify(TOKENS.bareKeys("RS256"), token)).isEqualTo(JwtStatus.OK);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<html>|no JSON object",
                "{}|no list 'keys'",
                "{\"keys\":[]}|is empty",
                "{\"keys\":[{\"kty\":\"RSA\"}]}|cannot be read",
                "{\"keys\":[5]}|cannot be read"
            })
    void aSetWithoutKeysIsRefusedWithItsReason(String text, String reason) {
        assertThatThrownBy(() -> KeySet.parse(text))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void aKeyOfAnotherKindIsLeftOut() throws Exception {
        String keys = TOKENS.keys("RS256").replace("[", "[{\"kty\":\"new\"},");
        assertThat(verify(keys, TOKENS.good())).isEqualTo(JwtStatus.OK);
    }
}
