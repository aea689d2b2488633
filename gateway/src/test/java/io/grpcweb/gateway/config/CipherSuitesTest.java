package io.grpcweb.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CipherSuitesTest {

    @Test
    void bothSpellingsAreKnown() {
        assertThat(CipherSuites.standard("ECDHE-RSA-AES128-GCM-SHA256")).hasValueSatisfying(names -> assertThat(names)
                .containsExactly("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"));
        assertThat(CipherSuites.standard("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"))
                .hasValueSatisfying(
                        names -> assertThat(names).containsExactly("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"));
        assertThat(CipherSuites.standard("AES256-SHA"))
                .hasValueSatisfying(names -> assertThat(names).containsExactly("TLS_RSA_WITH_AES_256_CBC_SHA"));
    }

    @Test
    void aGroupOfEqualPreferenceIsTakenInItsOrder() {
        assertThat(CipherSuites.standard("[ECDHE-ECDSA-CHACHA20-POLY1305|ECDHE-ECDSA-AES128-GCM-SHA256]"))
                .hasValueSatisfying(names -> assertThat(names)
                        .containsExactly(
                                "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
                                "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"));
    }

    @Test
    void whatIsNoNameIsNotGuessedAt() {
        assertThat(CipherSuites.standard("HIGH")).isEmpty();
        assertThat(CipherSuites.standard("RC4-MD5")).isEmpty();
    }
}
