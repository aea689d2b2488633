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
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What an Envoy file says of endpoints as a whole: their policy, their health, and the weights of their localities. */
@ParameterizedClass
@MethodSource("io.grpcweb.gateway.testing.Subject#all")
final class EndpointFieldsTest {
    @Parameter
    Subject subject;

    private final List<Http1Backend> backends = new ArrayList<>();

    @AfterEach
    void stop() {
        backends.forEach(Http1Backend::close);
    }

    /** An endpoint that answers with its name. */
    private String endpoint(String name, String fields) {
        backends.add(new Http1Backend(request -> request.path().equals("/stuck")
                ? ""
                : "HTTP/1.1 200 OK\r\ncontent-length: " + name.length() + "\r\n\r\n" + name));
        return "{ endpoint: { address: { socket_address: { address: 127.0.0.1, port_value: %d } } }, %s }"
                .formatted(backends.get(backends.size() - 1).port(), fields);
    }

    private List<Http1Backend> last(int count) {
        return backends.subList(backends.size() - count, backends.size());
    }

    private static String locality(String fields, String... endpoints) {
        return "{ %s, lb_endpoints: [ %s ] }".formatted(fields, String.join(", ", endpoints));
    }

    private Subject.Running start(String cluster, String policy, String... localities) {
        return subject.start(new EnvoyFile(1)
                .with("CLUSTERS", """
                        - name: several
                          connect_timeout: 5s
                          %s
                          load_assignment:
                            cluster_name: several
                            policy: { %s }
                            endpoints: [ %s ]
                        """.formatted(
                                cluster.strip().replace("\n", "\n  "), policy, String.join(", ", localities)))
                .with("ROUTES", """
                        - match: { prefix: / }
                          route: { cluster: several, hash_policy: [ { header: { header_name: x-user } } ] }
                        """));
    }

    /** How often each endpoint was met. */
    private static Map<String, Integer> met(Subject.Running gateway, int requests) {
        Map<String, Integer> met = new TreeMap<>();
        try (Http1Browser browser = new Http1Browser(gateway.port())) {
            for (int i = 0; i < requests; i++) {
                met.merge(browser.ask("GET", "/", "x-user", "user" + i).text(), 1, Integer::sum);
            }
        }
        return met;
    }

    private static String typed(String name, String message, String fields) {
        return """
                load_balancing_policy:
                  policies:
                  - typed_extension_config:
                      name: %1$s
                      typed_config: { "@type": type.googleapis.com/envoy.extensions.load_balancing_policies.%1$s.v3.%2$s, %3$s }
                """.formatted(name, message, fields);
    }

    /** A list of policies in one line. */
    private static String policies(String name, String message, String fields) {
        return """
                { policies: [ { typed_extension_config: { name: a, typed_config: {
                "@type": type.googleapis.com/envoy.extensions.load_balancing_policies.%s.v3.%s, %s } } } ] }
                """.formatted(name, message, fields).replace("\n", " ");
    }

    private static String stats(Subject.Running gateway, String name) {
        return Pattern.compile("^cluster\\.several\\." + name + ": (.*)$", Pattern.MULTILINE)
                .matcher(gateway.page("/stats"))
                .results()
                .map(found -> found.group(1))
                .findFirst()
                .orElse("");
    }

    @Test
    void everyCallIsDroppedWhereThePolicySaysSo() {
        String all = "drop_overloads: [ { category: all, drop_percentage: { numerator: 100 } } ]";
        try (Subject.Running gateway = start("", all, locality("priority: 0", endpoint("a", "")))) {
            Answer answer = Http1Browser.once(gateway.port(), "GET", "/");
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.text()).isEqualTo("unconditional drop overload");
            assertThat(answer.header("x-envoy-unconditional-drop-overload")).isEqualTo("true");
            assertThat(stats(gateway, "upstream_rq_503")).isEqualTo("1");
            assertThat(stats(gateway, "upstream_rq_total")).isEqualTo("0");
        }
    }

    @Test
    void aShareOfCallsIsDropped() {
        String some =
                "drop_overloads: [ { category: some, drop_percentage: { numerator: 50, denominator: HUNDRED } } ]";
        try (Subject.Running gateway = start("", some, locality("priority: 0", endpoint("a", "")))) {
            Map<String, Integer> met = met(gateway, 60);
            // One in 2 to the power of 60.
            assertThat(met).containsOnlyKeys("a", "drop overload");
        }
    }

    @Test
    void healthyShareTimesTheFactorSaysWhenCallsLeaveAPriority() {
        String first = locality(
                "priority: 0", endpoint("a", "health_status: HEALTHY"), endpoint("b", "health_status: UNHEALTHY"));
        String second = locality("priority: 1", endpoint("c", "health_status: HEALTHY"));
        String[] both = {first, second};
        try (Subject.Running gateway = start("", "overprovisioning_factor: 200", both)) {
            assertThat(met(gateway, 40)).containsOnlyKeys("a");
        }
        try (Subject.Running gateway = start("", "overprovisioning_factor: 100", both)) {
            assertThat(met(gateway, 80)).containsOnlyKeys("a", "c");
        }
    }

    @Test
    void healthMayBeThatOfTheWeights() {
        String first = locality(
                "priority: 0",
                endpoint("a", "health_status: HEALTHY, load_balancing_weight: 9"),
                endpoint("b", "health_status: UNHEALTHY, load_balancing_weight: 1"));
        String second = locality("priority: 1", endpoint("c", "health_status: HEALTHY"));
        try (Subject.Running gateway =
                start("", "overprovisioning_factor: 120, weighted_priority_health: true", first, second)) {
            assertThat(met(gateway, 40)).containsOnlyKeys("a");
        }
        try (Subject.Running gateway =
                start("", "overprovisioning_factor: 120, weighted_priority_health: false", first, second)) {
            assertThat(met(gateway, 80)).containsOnlyKeys("a", "c");
        }
    }

    @Test
    void statusesThatGetNothingAreShown() {
        String place = locality(
                "priority: 0",
                endpoint("a", "health_status: HEALTHY"),
                endpoint("b", "health_status: DRAINING"),
                endpoint("c", "health_status: DRAINING"),
                endpoint("d", "health_status: TIMEOUT"));
        try (Subject.Running gateway = start("", "", place)) {
            // Two that drain do not count: one of two is well, which is no panic.
            assertThat(met(gateway, 12)).containsOnlyKeys("a");
            assertThat(gateway.page("/clusters"))
                    .contains(
                            "::health_flags::/eds_status_draining\n",
                            "::health_flags::/failed_eds_health\n",
                            "127.0.0.1:" + last(1).get(0).port() + "::hostname::\n");
            assertThat(gateway.page("/clusters?format=json"))
                    .contains("\"eds_health_status\": \"DRAINING\"", "\"eds_health_status\": \"UNHEALTHY\"");
            assertThat(stats(gateway, "membership_healthy")).isEqualTo("1");
            assertThat(stats(gateway, "membership_excluded")).isEqualTo("2");
        }
    }

    @Test
    void degradedOnesTakeWhatTheHealthyLeave() {
        String place = locality(
                "priority: 0", endpoint("a", "health_status: HEALTHY"), endpoint("b", "health_status: DEGRADED"));
        // 140 % of a half is 70 %.
        try (Subject.Running gateway = start("", "", place)) {
            assertThat(met(gateway, 100)).containsOnlyKeys("a", "b");
            assertThat(stats(gateway, "membership_degraded")).isEqualTo("1");
        }
        try (Subject.Running gateway = start("", "overprovisioning_factor: 200", place)) {
            assertThat(met(gateway, 40)).containsOnlyKeys("a");
        }
    }

    @Test
    void localitiesHaveTheirWeightsUnderEachPolicy() {
        String weighted = "locality_lb_config: { locality_weighted_lb_config: {} }";
        String hashed = "locality_weighted_lb_config: {}";
        for (String policy : List.of(
                typed("round_robin", "RoundRobin", weighted),
                typed("least_request", "LeastRequest", weighted),
                typed("random", "Random", weighted),
                typed(
                        "wrr_locality",
                        "WrrLocality",
                        "endpoint_picking_policy: "
                                + policies("client_side_weighted_round_robin", "ClientSideWeightedRoundRobin", "")),
                typed(
                        "override_host",
                        "OverrideHost",
                        "override_host_sources: [ { header: x-host } ], fallback_policy: "
                                + policies("round_robin", "RoundRobin", weighted)),
                typed("ring_hash", "RingHash", "minimum_ring_size: 1024, " + hashed),
                typed("maglev", "Maglev", "table_size: 101, " + hashed))) {
            try (Subject.Running gateway = start(
                    policy,
                    "",
                    locality("locality: { region: a }, load_balancing_weight: 99", endpoint("a", "")),
                    locality("locality: { region: b }, load_balancing_weight: 1", endpoint("b", "")),
                    locality("locality: { region: c }", endpoint("c", "")))) {
                Map<String, Integer> met = met(gateway, 60);
                assertThat(met).as(policy).doesNotContainKey("c");
                // A hundredth of the calls goes elsewhere, by chance; without weights it would be half of them.
                assertThat(met.get("a")).as(policy).isGreaterThan(42);
            }
        }
    }

    @Test
    void withoutBiasTheWeightsAloneCount() {
        for (String policy : List.of(
                "lb_policy: LEAST_REQUEST\nleast_request_lb_config: { active_request_bias: { default_value: 0, runtime_key: k } }",
                typed("least_request", "LeastRequest", "active_request_bias: { default_value: 0, runtime_key: k }"))) {
            try (Subject.Running gateway = start(
                            policy,
                            "",
                            locality(
                                    "priority: 0",
                                    endpoint("a", "load_balancing_weight: 4"),
                                    endpoint("b", "load_balancing_weight: 1")));
                    Http1Browser stuck = new Http1Browser(gateway.port())) {
                stuck.raw("GET /stuck HTTP/1.1\r\nhost: a\r\n\r\n");
                await().until(() -> last(2).stream().anyMatch(Http1Backend::wasAsked));
                assertThat(met(gateway, 40)).as(policy).containsEntry("a", 32);
            }
        }
    }
}
