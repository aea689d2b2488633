package io.grpcweb.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import org.junit.jupiter.api.Test;

class FieldValuesTest {
    @Test
    void valuesAreJoinedInTheOrderInWhichTheyCame() {
        Http2Headers fields = new DefaultHttp2Headers(false);
        assertThat(FieldValues.joined(fields, "x-a")).isNull();
        fields.add("x-a", "1, 2").add("x-b", "0").add("x-a", "3");
        assertThat(FieldValues.joined(fields, "x-a")).hasToString("1, 2,3");
        assertThat(FieldValues.joined(fields, "x-b")).hasToString("0");
    }
}
