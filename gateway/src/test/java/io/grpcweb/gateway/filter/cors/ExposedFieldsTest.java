package io.grpcweb.gateway.filter.cors;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import org.junit.jupiter.api.Test;

class ExposedFieldsTest {
    private static final String EXPOSED = "access-control-expose-headers";

    private final Http2Headers head = new DefaultHttp2Headers()
            .status("200")
            .add("content-type", "application/grpc-web+proto")
            .add("access-control-allow-origin", "https://app.example")
            .add("vary", "origin")
            .add("set-cookie", "a=1");

    private CharSequence stamped(String names, boolean sent) {
        new ExposedFields(names, sent).stamp(head);
        return head.get(EXPOSED);
    }

    @Test
    void aListStandsForItself() {
        head.add("x-b", "1");
        assertThat(stamped("grpc-status, X-A", false)).hasToString("grpc-status, X-A");
    }

    @Test
    void anEmptyListIsNotWritten() {
        assertThat(stamped("", false)).isNull();
        assertThat(stamped("", true)).isNull();
    }

    @Test
    void whatElseAResponseHasIsAddedOnce() {
        head.add("x-b", "1").add("x-b", "2").add("grpc-status", "0").add("x-a", "3");
        assertThat(stamped("Grpc-Status", true)).hasToString("Grpc-Status,x-a,x-b");
        assertThat(stamped("", true)).hasToString("grpc-status,x-a,x-b");
    }

    @Test
    void aResponseWithNothingElseHasTheList() {
        assertThat(stamped("grpc-status", true)).hasToString("grpc-status");
    }
}
