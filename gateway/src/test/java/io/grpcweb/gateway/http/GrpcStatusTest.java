package io.grpcweb.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GrpcStatusTest {

    @ParameterizedTest
    @CsvSource({
        "400, 13", "401, 16", "403, 7", "404, 12", "429, 14", "502, 14", "503, 14", "504, 14", "200, 2", "302, 2",
        "408, 2", "409, 2", "412, 2", "413, 2", "415, 2", "431, 2", "500, 2", "501, 2", "507, 2"
    })
    void anHttpStatusStandsForAStatus(int http, int status) {
        assertThat(GrpcStatus.fromHttp(http).code()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 13", "1, 13", "2, 13", "3, 13", "4, 13", "6, 13", "7, 14", "8, 1", "9, 13", "10, 13", "11, 8", "12, 7",
        "13, 13", "200, 13"
    })
    void aResetStandsForAStatus(long code, int status) {
        assertThat(GrpcStatus.fromReset(code).code()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "16, 16",
        "99, 99",
        "007, 7",
        "abc, -1",
        "'', -1",
        "-1, -1",
        "1x, -1",
        "+1, -1",
        "12345678901, -1"
    })
    void aStatusFieldIsANumber(String field, int status) {
        assertThat(GrpcStatus.parse(field)).isEqualTo(status);
    }
}
