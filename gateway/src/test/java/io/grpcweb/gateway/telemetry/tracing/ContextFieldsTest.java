package io.grpcweb.gateway.telemetry.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContextFieldsTest {
    private static final long HIGH = 0x0af7651916cd43ddL;
    private static final long LOW = 0x8448eb211c80319cL;
    private static final long SPAN = 0xb7ad6b7169203331L;
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String CALLER = "b7ad6b7169203331";

    private final W3cContext w3c = new W3cContext();
    private final B3Context b3 = new B3Context();

    private static Http2Headers head(String... fields) {
        Http2Headers head = new DefaultHttp2Headers(false);
        for (int i = 0; i < fields.length; i += 2) {
            head.add(fields[i], fields[i + 1]);
        }
        return head;
    }

    @Test
    void aContextIsRead() {
        TraceContext found = w3c.read(
                head("traceparent", "00-" + TRACE + "-" + CALLER + "-01", "tracestate", "a=1", "tracestate", "b=2"));

        assertThat(found).isEqualTo(new TraceContext(HIGH, LOW, SPAN, true, "a=1,b=2"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cc-" + TRACE + "-" + CALLER + "-01",
                "cc-" + TRACE + "-" + CALLER + "-01-more",
                "00-0AF7651916CD43DD8448EB211C80319C-" + CALLER + "-03"
            })
    void whatMayComeIsRead(String parent) {
        assertThat(w3c.read(head("traceparent", parent))).isEqualTo(new TraceContext(HIGH, LOW, SPAN, true, ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00",
                "00-" + TRACE + "-" + CALLER,
                "00-" + TRACE + "-" + CALLER + "-01-more",
                "00-" + TRACE + "-" + CALLER + "-0g",
                "00-" + TRACE + "_" + CALLER + "-01",
                "00-00000000000000000000000000000000-" + CALLER + "-01",
                "00-" + TRACE + "-0000000000000000-01",
                "00-0af7651916cd43dd8448eb211c8031\u0669\u0661-" + CALLER + "-01"
            })
    void whatIsBrokenIsNothing(String parent) {
        assertThat(w3c.read(head("traceparent", parent, "tracestate", "a=1"))).isNull();
    }

    @Test
    void aBackendIsTold() {
        Http2Headers head = head("traceparent", "old", "tracestate", "a", "tracestate", "b");
        w3c.write(head, new TraceContext(HIGH, LOW, SPAN, false, ""), 0);

        assertThat(head.getAll("traceparent")).hasSize(1);
        assertThat(head.get("traceparent")).hasToString("00-" + TRACE + "-" + CALLER + "-00");
        assertThat(head.getAll("tracestate")).hasSize(1);
        assertThat(head.get("tracestate")).hasToString("");
    }

    @Test
    void b3IsReadFromOneFieldAndFromSeveral() {
        assertThat(b3.read(head("b3", TRACE + "-" + CALLER + "-1-0000000000000001")))
                .isEqualTo(new TraceContext(HIGH, LOW, SPAN, true, ""));
        assertThat(b3.read(head("b3", "8448eb211c80319c-" + CALLER + "-0")))
                .isEqualTo(new TraceContext(0, LOW, SPAN, false, ""));
        assertThat(b3.read(head("x-b3-traceid", TRACE, "x-b3-spanid", CALLER)))
                .isEqualTo(new TraceContext(HIGH, LOW, SPAN, true, ""));
        assertThat(b3.read(head("x-b3-traceid", TRACE, "x-b3-spanid", CALLER, "x-b3-sampled", "0", "x-b3-flags", "1")))
                .isEqualTo(new TraceContext(HIGH, LOW, SPAN, true, ""));
        assertThat(b3.read(head("b3", "0"))).isNull();
        assertThat(b3.read(head("b3", TRACE + "-xx-1"))).isNull();
        assertThat(b3.read(head("x-b3-traceid", TRACE))).isNull();
    }

    @Test
    void b3IsWrittenInSeveralFields() {
        Http2Headers head = head("b3", "old", "x-b3-flags", "1");
        b3.write(head, new TraceContext(HIGH, LOW, SPAN, true, ""), 5);

        assertThat(head.contains("b3")).isFalse();
        assertThat(head.contains("x-b3-flags")).isFalse();
        assertThat(head.get("x-b3-traceid")).hasToString(TRACE);
        assertThat(head.get("x-b3-spanid")).hasToString(CALLER);
        assertThat(head.get("x-b3-parentspanid")).hasToString("0000000000000005");
        assertThat(head.get("x-b3-sampled")).hasToString("1");
    }
}
