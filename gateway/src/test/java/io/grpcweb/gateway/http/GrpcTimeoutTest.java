package io.grpcweb.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GrpcTimeoutTest {

    @ParameterizedTest
    @CsvSource({
        "0m, 0",
        "2000m, 2000",
        "1S, 1000",
        "+1S, 1000",
        "2M, 120000",
        "1H, 3600000",
        "1500u, 2",
        "1u, 1",
        "1n, 1",
        "1000000n, 1",
        "1000001n, 2",
        "99999999m, 99999999",
        "99999999S, 99999999000"
    })
    void aTimeoutIsReadInMilliseconds(String field, long millis) {
        assertThat(GrpcTimeout.parse(field)).isEqualTo(millis * 1_000_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "123", "1X", "-1S", "123456789S", "1.5S", "S", "+S", " 1S", "1 S", "1s", "m"})
    void whatIsNoTimeoutIsIgnored(String field) {
        assertThat(GrpcTimeout.parse(field)).isEqualTo(-1);
    }

    @Test
    void theLongestTimeoutDoesNotOverflow() {
        assertThat(GrpcTimeout.parse("99999999H")).isGreaterThan(9_000_000_000_000_000_000L);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0m",
        "1500000000, 1500m",
        "99999999000000, 99999999m",
        "100000000000000, 100000S",
        "-5, 0m",
        "360000000000000000, 6000000M"
    })
    void aTimeoutIsWrittenInTheSmallestUnitThatFits(long nanos, String field) {
        assertThat(GrpcTimeout.format(nanos)).isEqualTo(field);
    }
}
