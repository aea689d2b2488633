package io.grpcweb.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HygieneTest {

    @Test
    void fieldsOfTheConnectionStayOnIt() {
        Http2Headers head = head(
                "connection",
                "keep-alive",
                "keep-alive",
                "timeout=5",
                "proxy-connection",
                "x",
                "upgrade",
                "h2c",
                "transfer-encoding",
                "chunked",
                "x-kept",
                "1");
        assertThat(Hygiene.cleanRequest(head)).isTrue();
        assertThat(head.names()).singleElement().hasToString("x-kept");
    }

    @Test
    void whatTheConnectionFieldNamesIsTakenOff() {
        Http2Headers head = head("connection", "X-Foo, keep-alive", "x-foo", "1", "x-bar", "2");
        assertThat(Hygiene.cleanRequest(head)).isTrue();
        assertThat(head.contains("x-foo")).isFalse();
        assertThat(head.contains("x-bar")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"x-forwarded-for", "X-Forwarded-Host", "close, x-forwarded-proto", ":path", "a,b,c,d,e,f,g,h,i,j"
            })
    void aConnectionFieldThatIsAnAttackIsRefused(String connection) {
        assertThat(Hygiene.cleanRequest(head("connection", connection))).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "trailers | trailers",
                "trailers, deflate | trailers",
                "gzip, Trailers;q=1 | trailers",
                "gzip | none"
            })
    void teIsReducedToTrailers(String te, String left) {
        Http2Headers head = head("te", te);
        Hygiene.cleanRequest(head);
        assertThat(head.get("te") == null ? null : head.get("te").toString()).isEqualTo(left);
    }

    @Test
    void controlFieldsOfStrangersAreTakenOff() {
        Http2Headers head = head(
                "x-envoy-retry-on",
                "5xx",
                "x-envoy-max-retries",
                "9",
                "x-envoy-upstream-rq-timeout-ms",
                "1",
                "x-a",
                "1");
        Hygiene.removeControl(head);
        assertThat(head.names()).singleElement().hasToString("x-a");
    }

    private static Http2Headers head(String... fields) {
        Http2Headers head = new DefaultHttp2Headers(false);
        for (int i = 0; i < fields.length; i += 2) {
            head.add(fields[i], fields[i + 1]);
        }
        return head;
    }
}
