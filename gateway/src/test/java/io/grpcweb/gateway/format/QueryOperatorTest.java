package io.grpcweb.gateway.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpcweb.gateway.http.ConnectionInfo;
import io.grpcweb.gateway.http.StreamInfo;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import org.junit.jupiter.api.Test;

final class QueryOperatorTest {
    private static String text(String operator, String path) {
        StreamInfo info = new StreamInfo(new ConnectionInfo(1, "", null, null, null, null), 0);
        info.requestHeaders = new DefaultHttp2Headers(false).path(path);
        return new Substitutions().field(operator).of(info);
    }

    @Test
    void theQueryIsWrittenAsItCame() {
        assertThat(text("%QUERY_PARAMS%", "/a?b=%26+c")).isEqualTo("b=%26+c");
        assertThat(text("%QUERY_PARAMS(ORIG)%", "/a?b=%26+c")).isEqualTo("b=%26+c");
    }

    @Test
    void escapesOfWhatCanBeSeenMayBeUndone() {
        assertThat(text("%QUERY_PARAMS(DECODED)%", "/a?b=%26+%20%7e%7F%2&c=%zz%41"))
                .isEqualTo("b=&+%20~%7F%2&c=%zzA");
    }

    @Test
    void anotherFormIsRefused() {
        assertThatThrownBy(() -> new Substitutions().field("%QUERY_PARAMS(PATH)%"))
                .hasMessageContaining("Invalid QUERY_PARAMS option: 'PATH', only 'ORIG'/'DECODED' are allowed");
    }
}
