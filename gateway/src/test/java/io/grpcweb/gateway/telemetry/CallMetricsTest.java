package io.grpcweb.gateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.http.Details;
import io.grpcweb.gateway.http.LocalReply;
import io.grpcweb.gateway.http.ResponseFlag;
import io.grpcweb.gateway.http.StreamInfo;
import io.grpcweb.gateway.stats.Stats;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import java.util.List;
import org.junit.jupiter.api.Test;

class CallMetricsTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Stats stats = new Stats();
    private final CallMetrics metrics = new CallMetrics(registry, stats);

    CallMetricsTest() {
        metrics.clusters(List.of("echo"));
    }

    private void ends(StreamInfo call) {
        metrics.started(call);
        metrics.ended(call);
    }

    private double calls(String service, String method, String status) {
        Counter counter = registry.find("gateway.calls")
                .tags("grpc_service", service, "grpc_method", method, "grpc_status", status)
                .counter();
        return counter == null ? 0 : counter.count();
    }

    private static StreamInfo unimplemented(String path) {
        StreamInfo call = Calls.unary();
        call.requestHeaders.path(path);
        call.grpcStatus = 12;
        call.responseTrailers = new DefaultHttp2Headers(false).set("grpc-status", "12");
        return call;
    }

    @Test
    void aMethodThatABackendAnswersIsNamed() {
        ends(Calls.unary());

        assertThat(calls("ops.Echo", "Unary", "OK")).isEqualTo(1);
        assertThat(registry.get("gateway.calls")
                        .tags("format", "grpc-web", "http_version", "1.1")
                        .counter()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("gateway.body")
                        .tags("grpc_method", "Unary", "direction", "sent")
                        .counter()
                        .count())
                .isEqualTo(30);
        assertThat(stats.byName()).containsKey("cluster.echo.grpc-web.ops.Echo.Unary.0");
    }

    @Test
    void aStrangerMakesNoSeries() {
        int before = registry.getMeters().size();
        for (int i = 0; i < 1000; i++) {
            ends(unimplemented("/stranger.Service/Method" + i));
        }

        assertThat(calls("other", "other", "Unimplemented")).isEqualTo(1000);
        assertThat(registry.getMeters()).hasSize(before + 1);
    }

    @Test
    void aMethodThatWentAwayKeepsItsName() {
        ends(Calls.unary());
        ends(unimplemented("/ops.Echo/Unary"));

        assertThat(calls("ops.Echo", "Unary", "Unimplemented")).isEqualTo(1);
    }

    @Test
    void errorsOfTheGatewayAdmitNoMethod() {
        StreamInfo call = Calls.unary();
        call.flag(ResponseFlag.UPSTREAM_REMOTE_RESET);
        call.grpcStatus = 14;
        ends(call);

        assertThat(calls("other", "other", "Unavailable")).isEqualTo(1);
        assertThat(registry.get("gateway.errors").tag("flag", "UR").counter().count())
                .isEqualTo(1);
    }

    @Test
    void anAnswerThatIsNoGrpcAdmitsNoMethod() {
        StreamInfo call = Calls.unary();
        call.responseTrailers = null;
        call.grpcStatus = 0;
        ends(call);

        assertThat(calls("other", "other", "OK")).isEqualTo(1);
    }

    @Test
    void thereIsAnEndToTheNumberOfMethods() {
        for (int i = 0; i < 2000; i++) {
            StreamInfo call = Calls.unary();
            call.requestHeaders.path("/generous.Backend/M" + i);
            ends(call);
        }

        assertThat(calls("other", "other", "OK")).isEqualTo(1500);
    }

    @Test
    void cancelsAreCountedByCause() {
        StreamInfo call = Calls.unary();
        call.flag(ResponseFlag.DOWNSTREAM_REMOTE_RESET);
        ends(call);

        assertThat(registry.get("gateway.cancelled.calls")
                        .tag("cause", "client_reset")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void streamsUnderWayAreShown() {
        metrics.started(Calls.unary());

        assertThat(registry.get("gateway.active.streams").gauge().value()).isEqualTo(1);
    }

    @Test
    void attemptsAreCountedByCluster() {
        StreamInfo call = Calls.unary();
        call.attempts = 3;
        ends(call);

        assertThat(registry.get("gateway.upstream.attempts")
                        .tag("cluster", "echo")
                        .counter()
                        .count())
                .isEqualTo(3);
    }

    private double errors(String flag) {
        Counter counter = registry.find("gateway.errors").tags("flag", flag).counter();
        return counter == null ? 0 : counter.count();
    }

    private static StreamInfo refused(LocalReply reply) {
        StreamInfo call = Calls.unary();
        call.ended(reply);
        return call;
    }

    @Test
    void aRefusalWithoutAFlagIsCountedByTheKindOfItsDetails() {
        ends(refused(LocalReply.methodNotAllowed()));
        ends(refused(LocalReply.unsupportedMediaType("")));
        ends(refused(LocalReply.messageTooLong(2, 1)));
        ends(refused(LocalReply.badBase64(false)));
        ends(refused(LocalReply.internalError()));
        ends(refused(new LocalReply(403, 7, "no", null, Details.of("rbac_denied_matched_policy[a]"), List.of())));
        ends(refused(new LocalReply(403, 7, "no", null, Details.of("rbac_denied_matched_policy[b]"), List.of())));

        assertThat(errors("grpc_web_method")).isEqualTo(1);
        assertThat(errors("grpc_web_content_type")).isEqualTo(1);
        assertThat(errors("grpc_message_too_long")).isEqualTo(1);
        assertThat(errors("grpc_base_64_decode_failed")).isEqualTo(1);
        assertThat(errors("gateway_fault")).isEqualTo(1);
        assertThat(errors("rbac_denied_matched_policy")).isEqualTo(2);
    }

    @Test
    void whatIsNoRefusalOrHasAFlagIsNotCountedSo() {
        ends(Calls.unary());
        ends(refused(LocalReply.directResponse(404, "")));
        ends(refused(LocalReply.redirect(301, "/")));
        ends(refused(LocalReply.preflight()));
        ends(refused(LocalReply.noRoute()));

        assertThat(errors("direct_response")).isZero();
        assertThat(errors("cors_response")).isZero();
        assertThat(errors("route_not_found")).isZero();
        assertThat(errors("NR")).isEqualTo(1);
    }

    @Test
    void kindsOfRefusalsHaveAnEnd() {
        for (int kind = 0; kind < 1000; kind++) {
            ends(refused(new LocalReply(403, 7, "", null, Details.of("kind_" + kind), List.of())));
        }
        assertThat(registry.find("gateway.errors").counters()).hasSizeLessThan(150);
        assertThat(errors("other")).isGreaterThan(800);
    }
}
