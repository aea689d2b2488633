package io.grpcweb.gateway.upstream.host;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Known answers of the reference implementation. */
final class XxHash64Test {
    @ParameterizedTest
    @CsvSource({
        "'', ef46db3751d8e999",
        "a, d24ec4f1a98c6e5b",
        "abc, 44bc2cf5ad770999",
        "The quick brown fox jumps over the lazy dog, 0b242d361fda71bc",
    })
    void knownTextsHaveTheirKnownHashes(String text, String hash) {
        assertThat(Long.toHexString(XxHash64.hash(text, 0)))
                .isEqualTo(Long.toHexString(Long.parseUnsignedLong(hash, 16)));
    }
}
