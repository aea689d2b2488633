package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Http1Backend;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What an Envoy file says of circuit breakers. */
@ParameterizedClass
@MethodSource("io.grpcweb.gateway.testing.Subject#all")
record BreakerFieldsTest(Subject subject) {
    private static final String REQUEST = "GET / HTTP/1.1\r\nhost: a\r\n\r\n";

    private static String thresholds(String fields) {
        return "circuit_breakers: { thresholds: [ { " + fields + " } ] }";
    }

    private static String routes(String fields) {
        return "- match: { prefix: / }\n  route: { cluster: backend, " + fields + " }";
    }

    private static String stats(Subject.Running gateway) {
        return gateway.page("/stats?filter=cluster.backend");
    }

    @Test
    void soManyConnectionsAndWaitingRequestsAreAllowed() {
        try (Http1Backend backend = new Http1Backend(request -> "");
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                        .http1()
                        .with("CLUSTER", thresholds("max_connections: 1, max_pending_requests: 1")));
                Http1Browser served = new Http1Browser(gateway.port());
                Http1Browser waiting = new Http1Browser(gateway.port())) {
            served.raw(REQUEST);
            backend.next();
            waiting.raw(REQUEST);
            await().until(() -> stats(gateway).contains("cluster.backend.upstream_rq_pending_active: 1\n"));
            Answer refused = Http1Browser.once(gateway.port(), "GET", "/");
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.header("x-envoy-overloaded")).isEqualTo("true");
            assertThat(backend.connections()).hasSize(1);
        }
    }

    @Test
    void soManyConnectionsWithEachEndpointAreAllowed() {
        try (Http1Backend backend = new Http1Backend(request -> "");
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                        .http1()
                        .with("CLUSTER", "circuit_breakers: { per_host_thresholds: [ { max_connections: 1 } ] }"));
                Http1Browser served = new Http1Browser(gateway.port());
                Http1Browser waiting = new Http1Browser(gateway.port())) {
            served.raw(REQUEST);
            backend.next();
            waiting.raw(REQUEST);
            await().until(() -> stats(gateway).contains("cluster.backend.upstream_rq_pending_active: 1\n"));
            assertThat(stats(gateway)).contains("cluster.backend.upstream_cx_overflow: 1\n");
            assertThat(backend.connections()).hasSize(1);
        }
    }

    /** Of the gateway alone: Envoy may end with a segmentation fault. */
    @Test
    void soManyPoolsAreAllowed() {
        Assumptions.assumeTrue(subject != Subject.ENVOY);
        Function<Http1Backend.Request, String> slowly =
                request -> request.path().equals("/hold") ? "" : Http1Backend.OK;
        try (Http1Backend one = new Http1Backend(slowly);
                Http1Backend two = new Http1Backend(slowly);
                Subject.Running gateway = subject.start(new EnvoyFile(one.port(), two.port())
                        .http1()
                        .with("CLUSTER", thresholds("max_connection_pools: 1")));
                Http1Browser idle = new Http1Browser(gateway.port());
                Http1Browser held = new Http1Browser(gateway.port())) {
            // A pool that is not in use makes way for that of the other endpoint.
            for (int i = 0; i < 4; i++) {
                assertThat(idle.ask("GET", "/").status()).isEqualTo(200);
            }
            assertThat(List.of(one.connections().size(), two.connections().size()))
                    .containsExactly(2, 2);
            idle.raw("GET /hold HTTP/1.1\r\nhost: a\r\n\r\n");
            await().until(() -> stats(gateway).contains("cluster.backend.upstream_rq_active: 1\n"));
            assertThat(held.ask("GET", "/").status()).isEqualTo(503);
            assertThat(stats(gateway))
                    .contains(
                            "cluster.backend.upstream_cx_pool_overflow: 1\n",
                            "cluster.backend.circuit_breakers.default.cx_pool_open: 1\n");
        }
    }

    @Test
    void soManyRequestsOfEachPriorityAreAllowedAtOnce() {
        String high = "circuit_breakers: { thresholds: [ { priority: HIGH, max_requests: 1 }, { max_requests: 2 } ] }";
        for (String priority : List.of("DEFAULT", "HIGH")) {
            try (Http1Backend backend = new Http1Backend(request -> "");
                    Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                            .http1()
                            .with("CLUSTER", high)
                            .with("ROUTES", routes("priority: " + priority)))) {
                List<Http1Browser> browsers = new ArrayList<>();
                for (int i = 0; i < (priority.equals("HIGH") ? 1 : 2); i++) {
                    browsers.add(new Http1Browser(gateway.port()));
                    browsers.get(i).raw(REQUEST);
                    backend.next();
                }
                assertThat(Http1Browser.once(gateway.port(), "GET", "/").status())
                        .isEqualTo(503);
                browsers.forEach(Http1Browser::close);
            }
        }
    }

    @Test
    void whatRemainsIsShownWhereTheFileSaysSo() {
        for (boolean shown : new boolean[] {true, false}) {
            try (Http1Backend backend = new Http1Backend();
                    Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                            .http1()
                            .with("CLUSTER", thresholds("max_requests: 7, track_remaining: " + shown)))) {
                Http1Browser.once(gateway.port(), "GET", "/");
                assertThat(stats(gateway).contains("cluster.backend.circuit_breakers.default.remaining_rq: 7\n"))
                        .isEqualTo(shown);
            }
        }
    }

    /** How often a backend that fails is asked for one request. */
    private int attempts(String thresholds) {
        AtomicInteger asked = new AtomicInteger();
        try (Http1Backend backend = new Http1Backend(request -> {
                    asked.incrementAndGet();
                    return "HTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\n";
                });
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                        .http1()
                        .with("CLUSTER", thresholds(thresholds))
                        .with("ROUTES", routes("retry_policy: { retry_on: 5xx, num_retries: 2 }")))) {
            Http1Browser.once(gateway.port(), "GET", "/");
            return asked.get();
        }
    }

    @Test
    void soManyRetriesAreAllowed() {
        assertThat(attempts("max_retries: 3")).isEqualTo(3);
        assertThat(attempts("max_retries: 0")).isEqualTo(1);
        assertThat(attempts("retry_budget: { budget_percent: { value: 0 }, min_retry_concurrency: 0 }"))
                .isEqualTo(1);
        assertThat(attempts("retry_budget: { budget_percent: { value: 100 }, min_retry_concurrency: 0 }"))
                .isEqualTo(3);
        assertThat(attempts("retry_budget: { budget_percent: { value: 0 }, min_retry_concurrency: 1 }"))
                .isEqualTo(3);
    }
}
