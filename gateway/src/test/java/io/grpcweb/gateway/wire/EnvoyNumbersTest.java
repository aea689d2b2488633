package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.testing.BrowserCall;
import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.Http2Browser;
import io.grpcweb.gateway.testing.RealEnvoy;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Subject;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The same backends, the same calls in the same order, through the gateway and through a real Envoy: what both count of
 * ejections, checks, limits, retries and panic must be the same.
 */
@Tag("long")
class EnvoyNumbersTest {
    private static final String PATH = "/wire.Service/Call";
    private static final String NAMES =
            "outlier_detection\\..*|health_check\\..*|circuit_breakers\\.(?!.*remaining_cx_pools).*|membership_.*"
                    + "|update_.*|lb_healthy_panic|upstream_rq_pending_overflow|upstream_rq_active_overflow|upstream_rq_retry.*"
                    + "|upstream_cx_overflow|upstream_cx_pool_overflow|upstream_cx_none_healthy|upstream_rq_total"
                    + "|upstream_cx_connect_fail|upstream_cx_connect_timeout|upstream_rq_[0-9x]+|upstream_rq_completed"
                    + "|upstream_rq_per_try_timeout|upstream_rq_timeout|upstream_rq_pending_failure_eject|upstream_rq_rx_reset"
                    + "|upstream_rq_tx_reset|upstream_rq_cancelled|retry\\..*|retry_or_shadow_abandoned";

    /** Envoy tells its workers of changes that follow another within a second together, unless it is told not to. */
    private static final String NO_MERGING = "common_lb_config: { update_merge_window: 0s }\n";

    private final List<ScriptedBackend> backends = new ArrayList<>();

    @BeforeEach
    void findEnvoy() {
        Assumptions.assumeFalse(RealEnvoy.binary().isEmpty(), "needs a real Envoy: -Denvoy.binary=PATH");
    }

    @AfterEach
    void stop() {
        backends.forEach(ScriptedBackend::close);
    }

    private ScriptedBackend answering(String status) {
        ScriptedBackend backend = new ScriptedBackend().on(PATH, seen -> {
            seen.awaitEnd();
            seen.trailersOnly("grpc-status", status);
        });
        backends.add(backend);
        return backend;
    }

    private static int dead() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return taken.getLocalPort();
        }
    }

    private static String bootstrap(String route, String cluster, List<Integer> ports) {
        return new EnvoyFile(ports.stream().mapToInt(port -> port).toArray())
                .with(
                        "ROUTES",
                        "- { match: { prefix: / }, route: { cluster: backend, timeout: 0s %s } }".formatted(route))
                .with("CLUSTER", cluster)
                .text();
    }

    private static List<Integer> ports(List<ScriptedBackend> backends) {
        return backends.stream().map(ScriptedBackend::port).toList();
    }

    /**
     * One call after the other. A worker of Envoy tells the main thread of failures, and the main thread ejects; it serves the
     * admin page as well, so that a page that was answered says that it has done what the call before was followed by.
     */
    private static void calls(Subject.Running twin, int count) {
        try (Http2Browser browser = new Http2Browser(twin.port())) {
            for (int i = 0; i < count; i++) {
                browser.post(PATH, Frames.F3, "content-type", "application/grpc-web+proto");
                assertThat(twin.page("/ready")).isEqualTo("LIVE\n");
            }
        }
    }

    /** Lets both go through the same, Envoy first. */
    private void compare(String bootstrap, Consumer<Subject.Running> schedule) {
        compare(NAMES, bootstrap, schedule);
    }

    private void compare(String names, String bootstrap, Consumer<Subject.Running> schedule) {
        Map<String, String> wanted;
        try (Subject.Running twin = Subject.ENVOY.start(bootstrap)) {
            schedule.accept(twin);
            wanted = twin.stats(Pattern.compile(names));
        }
        assertThat(wanted).isNotEmpty();
        try (Subject.Running twin = Subject.GATEWAY.start(bootstrap)) {
            schedule.accept(twin);
            Map<String, String> found = twin.stats(Pattern.compile(names));
            Set<String> all = new TreeSet<>(wanted.keySet());
            all.addAll(found.keySet());
            assertThat(all)
                    .filteredOn(name -> !Objects.equals(wanted.get(name), found.get(name)))
                    .map(name -> name + ": " + found.get(name) + " instead of " + wanted.get(name))
                    .isEmpty();
        }
    }

    private static void await(Subject.Running twin, String name, int value) {
        Awaitility.await().atMost(20, TimeUnit.SECONDS).untilAsserted(() -> assertThat(
                        twin.stats(Pattern.compile(NAMES + "|upstream_rq_active")))
                .as("%s", twin.page("/clusters"))
                .containsEntry(name, Integer.toString(value)));
    }

    @Test
    void oneOfFiveThatAlwaysFailsIsEjectedAtTheDefaultLimit() {
        answering("14");
        for (int i = 0; i < 4; i++) {
            answering("0");
        }
        compare(bootstrap("", "outlier_detection: { interval: 60s }", ports(backends)), twin -> calls(twin, 60));
    }

    @Test
    void twoOfFiveThatFailAreOneTooMany() {
        answering("14");
        answering("14");
        for (int i = 0; i < 3; i++) {
            answering("0");
        }
        compare(bootstrap("", "outlier_detection: { interval: 60s }", ports(backends)), twin -> calls(twin, 80));
    }

    @Test
    void anEjectedOneComesBackAndIsEjectedAgain() {
        answering("14");
        answering("0");
        compare(
                bootstrap(
                        "",
                        NO_MERGING
                                + "outlier_detection: { interval: 0.1s, base_ejection_time: 1s, max_ejection_percent: 50, "
                                + "enforcing_success_rate: 0 }",
                        ports(backends)),
                twin -> {
                    calls(twin, 20);
                    await(twin, "outlier_detection.ejections_enforced_total", 1);
                    await(twin, "outlier_detection.ejections_active", 0);
                    calls(twin, 20);
                    await(twin, "outlier_detection.ejections_enforced_total", 2);
                    await(twin, "outlier_detection.ejections_active", 0);
                });
    }

    @Test
    void gatewayFailuresAndOtherFailuresAreToldApart() {
        answering("13");
        answering("14");
        answering("0");
        compare(
                bootstrap(
                        "",
                        "common_lb_config: { update_merge_window: 0s, healthy_panic_threshold: { value: 0 } }\n"
                                + "outlier_detection: { interval: 60s, max_ejection_percent: 100, consecutive_5xx: 7,"
                                + " enforcing_consecutive_gateway_failure: 100 }",
                        ports(backends)),
                twin -> calls(twin, 60));
    }

    @Test
    void connectionsThatFailCountAsFailuresOfThisSide() throws Exception {
        answering("0");
        List<Integer> ports = List.of(backends.get(0).port(), dead());
        for (boolean split : new boolean[] {false, true}) {
            compare(
                    bootstrap(
                            "",
                            "outlier_detection: { interval: 60s, max_ejection_percent: 100,"
                                    + " split_external_local_origin_errors: " + split + " }",
                            ports),
                    twin -> calls(twin, 40));
        }
    }

    @Test
    void successRatesAreJudgedOnceAnInterval() {
        judged("success_rate_request_volume: 10, success_rate_minimum_hosts: 3");
    }

    @Test
    void failurePercentagesAreJudgedOnceAnInterval() {
        judged("enforcing_failure_percentage: 100, failure_percentage_request_volume: 10, enforcing_success_rate: 0");
    }

    private void judged(String by) {
        answering("14");
        for (int i = 0; i < 4; i++) {
            answering("0");
        }
        compare(
                bootstrap(
                        "",
                        "outlier_detection: { interval: 2s, base_ejection_time: 60s, max_ejection_percent: 100,"
                                + " consecutive_5xx: 1000, consecutive_gateway_failure: 1000, " + by + " }",
                        ports(backends)),
                twin -> {
                    calls(twin, 100);
                    await(twin, "outlier_detection.ejections_active", 1);
                });
    }

    @Test
    void oneMayAlwaysBeEjectedWhereTheConfigurationSaysSo() {
        answering("14");
        answering("14");
        answering("0");
        compare(
                bootstrap("", "outlier_detection: { interval: 60s, always_eject_one_host: true }", ports(backends)),
                twin -> {
                    calls(twin, 40);
                    await(twin, "outlier_detection.ejections_active", 1);
                });
    }

    @Test
    void limitsLetTenPassOfAHundred() {
        backends.add(new ScriptedBackend().on(PATH, seen -> {
            seen.awaitEnd();
            // Until the browser goes away.
        }));
        compare(
                bootstrap(
                        "",
                        "circuit_breakers: { thresholds: [ { max_connections: 10, max_pending_requests: 10,"
                                + " max_requests: 10, max_retries: 1, track_remaining: true } ] }",
                        ports(backends)),
                twin -> {
                    try (Http2Browser browser = new Http2Browser(twin.port())) {
                        // With a connection that is ready all of them meet the same limit.
                        browser.post("/wire.Service/Warm", Frames.F3, "content-type", "application/grpc-web+proto");
                        for (int i = 0; i < 100; i++) {
                            BrowserCall call = browser.call(PATH, "content-type", "application/grpc-web+proto");
                            call.send(Frames.F3);
                            call.end();
                        }
                        await(twin, "upstream_rq_active_overflow", 90);
                    }
                    await(twin, "upstream_rq_active", 0);
                });
    }

    @Test
    void retriesAreCountedByTheirEnds() throws Exception {
        String policy = ", retry_policy: { retry_on: \"unavailable,connect-failure\", num_retries: 2,"
                + " retry_back_off: { base_interval: 0.001s } }";
        AtomicInteger count = new AtomicInteger();
        backends.add(new ScriptedBackend().on(PATH, seen -> {
            seen.awaitEnd();
            // Each call fails, and fails again; then every second call is answered.
            seen.trailersOnly("grpc-status", count.getAndIncrement() % 6 == 2 ? "0" : "14");
        }));
        compare(bootstrap(policy, "", ports(backends)), twin -> calls(twin, 6));
        compare(bootstrap(policy, "", List.of(dead())), twin -> calls(twin, 3));
    }

    @Test
    void retriesAboveTheLimitAreNotMade() {
        answering("14");
        compare(
                bootstrap(
                        ", retry_policy: { retry_on: \"unavailable\", num_retries: 1 }",
                        "circuit_breakers: { thresholds: [ { max_retries: 0 } ] }",
                        ports(backends)),
                twin -> calls(twin, 5));
    }

    private static String check(String kind, String more) {
        return "health_checks: [ { timeout: 1s, interval: 60s, no_traffic_interval: 60s, unhealthy_interval: 60s,"
                + " unhealthy_edge_interval: 60s, healthy_edge_interval: 60s, unhealthy_threshold: 1,"
                + " healthy_threshold: 1, " + kind + " } ]\n" + more;
    }

    private void healthy(String servingStatus) {
        backends.get(backends.size() - 1).on("/grpc.health.v1.Health/Check", seen -> {
            seen.awaitEnd();
            seen.head().data(Frames.hex("00 00000002 08" + servingStatus)).trailers("grpc-status", "0");
        });
    }

    private static Consumer<Subject.Running> afterChecks(int attempts, int calls) {
        return twin -> {
            Awaitility.await().atMost(20, TimeUnit.SECONDS).until(() -> {
                String stats = twin.page("/stats");
                long ended = value(stats, "success") + value(stats, "failure");
                return value(stats, "attempt") == attempts && ended == attempts;
            });
            calls(twin, calls);
        };
    }

    private static long value(String stats, String name) {
        return stats.lines()
                .filter(line -> line.startsWith("cluster.backend.health_check." + name + ": "))
                .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(": ") + 2)))
                .findFirst()
                .orElse(-1);
    }

    @Test
    void healthChecksOverGrpcAreCountedByTheirResults() throws Exception {
        answering("0");
        healthy("01");
        answering("0");
        healthy("02");
        answering("0");
        healthy("01");
        List<Integer> ports = new ArrayList<>(ports(backends));
        ports.add(dead());
        compare(bootstrap("", check("grpc_health_check: {}", ""), ports), afterChecks(4, 8));
    }

    @Test
    void healthChecksOverTcpAreCountedByTheirResults() throws Exception {
        answering("0");
        answering("0");
        List<Integer> ports = new ArrayList<>(ports(backends));
        ports.add(dead());
        compare(bootstrap("", check("tcp_health_check: {}", ""), ports), afterChecks(3, 6));
    }

    @Test
    void panicSendsCallsToAllAndIsCounted() throws Exception {
        answering("0");
        List<Integer> ports = new ArrayList<>(ports(backends));
        for (int i = 0; i < 3; i++) {
            ports.add(dead());
        }
        compare(bootstrap("", check("tcp_health_check: {}", ""), ports), afterChecks(4, 20));
    }

    @Test
    void withoutPanicNobodyIsAsked() throws Exception {
        compare(
                bootstrap(
                        "",
                        check("tcp_health_check: {}", "common_lb_config: { healthy_panic_threshold: { value: 0 } }"),
                        List.of(dead(), dead())),
                afterChecks(2, 5));
    }

    @Test
    void aNameThatStaysIsUpdatedWithoutAChange() {
        answering("0");
        compare(
                "update_.*|membership_.*",
                bootstrap("", "type: STRICT_DNS\ndns_lookup_family: V4_ONLY\ndns_refresh_rate: 60s", ports(backends))
                        .replaceFirst(
                                "address: 127.0.0.1, port_value: "
                                        + backends.get(0).port(),
                                "address: localhost, port_value: "
                                        + backends.get(0).port()),
                twin -> calls(twin, 1));
    }
}
