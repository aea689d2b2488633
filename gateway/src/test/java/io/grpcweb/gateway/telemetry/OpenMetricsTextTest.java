package io.grpcweb.gateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.http.CallTrace;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.SideSpan;
import io.grpcweb.gateway.http.StreamInfo;
import io.grpcweb.gateway.stats.Stats;
import io.micrometer.core.instrument.Clock;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.handler.codec.http2.Http2Headers;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OpenMetricsTextTest {
    private static final String FIRST = "0af7651916cd43dd8448eb211c80319c";
    private static final String SECOND = "1bf7651916cd43dd8448eb211c80319c";

    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT, new PrometheusRegistry(), Clock.SYSTEM);
    private final CallMetrics metrics = new CallMetrics(registry, new Stats());

    @AfterEach
    void close() {
        registry.close();
    }

    private record Trace(String traceId, boolean isSampled) implements CallTrace {
        @Override
        public String spanId() {
            return "b7ad6b7169203331";
        }

        @Override
        public void routed(Exchange exchange, Http2Headers head) {}

        @Override
        public void responding(Http2Headers head) {}

        @Override
        public SideSpan side(String method, String cluster, Http2Headers head) {
            return null;
        }

        @Override
        public SideSpan side(String cluster, Http2Headers head) {
            return null;
        }

        @Override
        public void tagSide(String name, String value) {}
    }

    private StreamInfo ends(CallTrace trace, int firstByteMillis, int millis) {
        StreamInfo call = Calls.unary();
        call.trace = trace;
        call.firstResponseByteNanos = call.startNanos + firstByteMillis * 1_000_000L;
        call.endNanos = call.startNanos + millis * 1_000_000L;
        metrics.started(call);
        metrics.ended(call);
        return call;
    }

    private List<String> lines(String family, String method) {
        return new OpenMetricsText(metrics.methods())
                .of(registry.getPrometheusRegistry().scrape())
                .lines()
                .filter(line -> line.startsWith(family) && line.contains("\"" + method + "\""))
                .toList();
    }

    private static String exemplar(String trace, StreamInfo call, int millis) {
        long ended = call.startMillis + millis;
        return String.format(
                Locale.ROOT,
                " # {span_id=\"b7ad6b7169203331\",trace_id=\"%s\"} %s %d.%03d",
                trace,
                millis / 1000.0,
                ended / 1000,
                ended % 1000);
    }

    @Test
    void aSampledTraceIsTheExemplarOfItsBuckets() {
        StreamInfo call = ends(new Trace(FIRST, true), 5, 70);

        String labels = "{grpc_method=\"Unary\",grpc_service=\"ops.Echo\",le=";
        assertThat(lines("gateway_call_duration_seconds", "Unary"))
                .contains(
                        "gateway_call_duration_seconds_bucket" + labels + "\"0.05\"} 0",
                        "gateway_call_duration_seconds_bucket" + labels + "\"0.1\"} 1" + exemplar(FIRST, call, 70),
                        "gateway_call_duration_seconds_bucket" + labels + "\"0.25\"} 1")
                .filteredOn(line -> line.contains("#"))
                .hasSize(1);
        assertThat(lines("gateway_call_first_byte_seconds", "Unary"))
                .filteredOn(line -> line.contains("#"))
                .hasSize(1)
                .first()
                .asString()
                .startsWith("gateway_call_first_byte_seconds_bucket" + labels + "\"0.005\"} 1 # {")
                .contains("trace_id=\"" + FIRST + "\"} 0.005 ");
    }

    @Test
    void eachBucketHasTheLatest() {
        ends(new Trace(FIRST, true), 5, 70);
        StreamInfo last = ends(new Trace(SECOND, true), 5, 80);
        StreamInfo slow = ends(new Trace(FIRST, true), 5, 700_000);

        assertThat(lines("gateway_call_duration_seconds", "Unary"))
                .filteredOn(line -> line.contains("#"))
                .extracting(line -> line.substring(line.indexOf(",le=")))
                .containsExactly(
                        ",le=\"0.1\"} 2" + exemplar(SECOND, last, 80),
                        ",le=\"+Inf\"} 3" + exemplar(FIRST, slow, 700_000));
    }

    @Test
    void callsThatAreNotSampledLeaveNone() {
        ends(new Trace(FIRST, false), 5, 70);
        ends(null, 5, 70);

        assertThat(lines("gateway_call_", "Unary")).isNotEmpty().noneMatch(line -> line.contains("#"));
    }

    @Test
    void aCallOfNoMethodIsAnExemplarOfTheOthers() {
        StreamInfo call = Calls.unary();
        call.responseTrailers = null;
        call.trace = new Trace(FIRST, true);
        metrics.started(call);
        metrics.ended(call);

        assertThat(lines("gateway_call_duration_seconds", "other"))
                .filteredOn(line -> line.contains(FIRST))
                .hasSize(1);
    }
}
