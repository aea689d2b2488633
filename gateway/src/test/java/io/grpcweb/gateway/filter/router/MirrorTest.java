package io.grpcweb.gateway.filter.router;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MirrorTest {

    @ParameterizedTest
    @CsvSource({"api.test, api.test-shadow", "api.test:8080, api.test-shadow:8080", "[::1]:80, [::1]-shadow:80"})
    void aCopyIsMarkedInItsAuthority(String authority, String marked) {
        assertThat(Mirror.shadow(authority)).isEqualTo(marked);
    }
}
