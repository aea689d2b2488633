package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Http1Backend;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What an Envoy file says of the choice of endpoints. */
@ParameterizedClass
@MethodSource("io.grpcweb.gateway.testing.Subject#all")
final class BalancingFieldsTest {
    private static final String CLUSTER = """
            - name: several
              connect_timeout: 5s
              %s
              load_assignment:
                cluster_name: several
                endpoints: [ %s ]
            """;
    private static final String HASH = "hash_policy: [ %s ]";
    private static final String BY_USER = HASH.formatted("{ header: { header_name: x-user } }");

    @Parameter
    Subject subject;

    private final List<Http1Backend> backends = new ArrayList<>();

    @AfterEach
    void stop() {
        backends.forEach(Http1Backend::close);
    }

    private static String locality(String fields, String... endpoints) {
        return "{ %s lb_endpoints: [ %s ] }".formatted(fields, String.join(", ", endpoints));
    }

    /** An endpoint with a backend of its own, which answers with its letter. */
    private String endpoint(String fields, String inside) {
        String body = letter(backends.size());
        backends.add(new Http1Backend(request ->
                request.path().equals("/stuck") ? "" : "HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n" + body));
        return "{ %s endpoint: { %s address: { socket_address: { address: 127.0.0.1, port_value: %d } } } }"
                .formatted(fields, inside, backends.get(backends.size() - 1).port());
    }

    private static String letter(int backend) {
        return String.valueOf((char) ('a' + backend));
    }

    private String endpoint(String fields) {
        return endpoint(fields, "");
    }

    private String endpoints(int count) {
        return locality("", Stream.generate(() -> endpoint("")).limit(count).toArray(String[]::new));
    }

    private Subject.Running start(String cluster, String route, String... localities) {
        String piece = CLUSTER.formatted(cluster.strip().replace("\n", "\n  "), String.join(", ", localities));
        return subject.start(new EnvoyFile(1)
                .with("CLUSTERS", piece)
                .with("ROUTES", "- match: { prefix: / }\n  route: { cluster: several, " + route + " }"));
    }

    /** Who answered so many requests with these fields, one letter each. */
    private static String answers(Subject.Running gateway, int requests, String... fields) {
        StringBuilder all = new StringBuilder();
        try (Http1Browser browser = new Http1Browser(gateway.port())) {
            for (int i = 0; i < requests; i++) {
                all.append(browser.ask("GET", "/", fields).text());
            }
        }
        return all.toString();
    }

    private static long count(String answers, char who) {
        return answers.chars().filter(one -> one == who).count();
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

    @Test
    void weightsOfEndpointsAreTheirShares() {
        for (String policy : List.of("", typed("round_robin", "RoundRobin", ""))) {
            try (Subject.Running gateway = start(
                    policy,
                    "",
                    locality("", endpoint("load_balancing_weight: 4,"), endpoint("load_balancing_weight: 1,")))) {
                char heavy = letter(backends.size() - 2).charAt(0);
                // From whatever turn the schedule begins: a quarter, unlike a third, is a number that adds up exactly.
                assertThat(count(answers(gateway, 40), heavy)).isEqualTo(32);
            }
        }
    }

    @Test
    void anEndpointThatIsSaidNotToBeWellGetsNothing() {
        try (Subject.Running gateway = start(
                "common_lb_config: { healthy_panic_threshold: { value: 0 } }",
                "",
                locality("", endpoint("health_status: UNHEALTHY,"), endpoint("health_status: HEALTHY,")))) {
            assertThat(answers(gateway, 8)).isEqualTo("bbbbbbbb");
        }
    }

    @Test
    void whenTooFewAreWellAllAreUsed() {
        for (int threshold : new int[] {40, 60}) {
            try (Subject.Running gateway = start(
                    "common_lb_config: { healthy_panic_threshold: { value: " + threshold + " } }",
                    "",
                    locality("", endpoint("health_status: UNHEALTHY,"), endpoint("")))) {
                String sick = letter(backends.size() - 2);
                assertThat(answers(gateway, 8).contains(sick)).isEqualTo(threshold == 60);
            }
        }
    }

    @Test
    void anotherPriorityIsUsedWhenTheFirstIsNotWell() {
        for (boolean well : new boolean[] {true, false}) {
            String first = endpoint(well ? "" : "health_status: UNHEALTHY,");
            try (Subject.Running gateway =
                    start("", "", locality("priority: 0,", first), locality("priority: 1,", endpoint("")))) {
                String used = letter(backends.size() - (well ? 2 : 1));
                assertThat(answers(gateway, 6)).isEqualTo(used.repeat(6));
            }
        }
    }

    @Test
    void localitiesHaveTheSharesOfTheFileWhereItSaysSo() {
        for (boolean weighted : new boolean[] {true, false}) {
            try (Subject.Running gateway = start(
                    weighted ? "common_lb_config: { locality_weighted_lb_config: {} }" : "",
                    "",
                    locality("locality: { region: a }, load_balancing_weight: 3,", endpoint("")),
                    locality("locality: { region: b }, load_balancing_weight: 1,", endpoint("")))) {
                char first = letter(backends.size() - 2).charAt(0);
                assertThat(count(answers(gateway, 40), first)).isEqualTo(weighted ? 30 : 20);
            }
        }
    }

    @Test
    void whereAnEndpointIsAndItsNameAreShown() {
        try (Subject.Running gateway = start(
                "",
                "",
                locality(
                        "locality: { region: here, zone: there, sub_zone: shelf },",
                        endpoint("", "hostname: one.test,")))) {
            assertThat(gateway.page("/clusters"))
                    .contains("::region::here\n", "::zone::there\n", "::sub_zone::shelf\n", "::hostname::one.test\n");
        }
    }

    @Test
    void theSameHashMeetsTheSameEndpoint() {
        for (String policy : List.of(
                "lb_policy: RING_HASH\nring_hash_lb_config: { minimum_ring_size: 64, maximum_ring_size: 128 }",
                "lb_policy: MAGLEV\nmaglev_lb_config: { table_size: 101 }",
                typed("ring_hash", "RingHash", "minimum_ring_size: 64, maximum_ring_size: 128"),
                typed("maglev", "Maglev", "table_size: 101"))) {
            try (Subject.Running gateway = start(policy, BY_USER, endpoints(3))) {
                List<String> users = new ArrayList<>();
                for (int user = 0; user < 30; user++) {
                    String answers = answers(gateway, 2, "x-user", "user" + user);
                    assertThat(answers.chars().distinct().count()).as(policy).isEqualTo(1);
                    users.add(answers);
                }
                assertThat(users.stream().distinct().count()).as(policy).isGreaterThan(1);
            }
        }
    }

    /** Who answers sixty requests that are alike; that chance chooses the same one for all is out of the question. */
    private String spread(String policies, String path, String... fields) {
        try (Subject.Running gateway = start("lb_policy: RING_HASH", HASH.formatted(policies), endpoints(3));
                Http1Browser browser = new Http1Browser(gateway.port())) {
            return Stream.generate(() -> browser.ask("GET", path, fields).text())
                    .limit(60)
                    .distinct()
                    .collect(Collectors.joining());
        }
    }

    @Test
    void aHashIsOfWhatTheFileNames() {
        assertThat(spread("{ connection_properties: { source_ip: true } }", "/"))
                .hasSize(1);
        assertThat(spread("{ query_parameter: { name: user } }", "/?user=7")).hasSize(1);
        assertThat(spread("{ query_parameter: { name: user } }", "/?other=7")).hasSizeGreaterThan(1);
        assertThat(spread("{ header: { header_name: x-user } }", "/", "x-user", "7"))
                .hasSize(1);
        assertThat(spread("{ header: { header_name: x-user } }", "/")).hasSizeGreaterThan(1);
    }

    @Test
    void aTerminalPolicyIsTheLastWhereItHasAHash() {
        String both = "{ header: { header_name: x-a }, terminal: %s }, { header: { header_name: x-b } }";
        for (boolean terminal : new boolean[] {true, false}) {
            try (Subject.Running gateway =
                    start("lb_policy: RING_HASH", HASH.formatted(both.formatted(terminal)), endpoints(3))) {
                StringBuilder met = new StringBuilder();
                for (int i = 0; i < 30; i++) {
                    met.append(answers(gateway, 1, "x-a", "same", "x-b", "b" + i));
                }
                assertThat(met.chars().distinct().count() == 1).isEqualTo(terminal);
            }
        }
    }

    @Test
    void theHashOfTheClusterTakesThePlaceOfThatOfTheRoute() {
        String ofCluster = """
                lb_policy: RING_HASH
                typed_extension_protocol_options:
                  envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                    "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                    explicit_http_config: { http_protocol_options: {} }
                    hash_policy: [ { header: { header_name: x-cluster } } ]
                """;
        try (Subject.Running gateway = start(ofCluster, BY_USER, endpoints(3))) {
            StringBuilder met = new StringBuilder();
            for (int i = 0; i < 12; i++) {
                met.append(answers(gateway, 1, "x-cluster", "same", "x-user", "user" + i));
            }
            assertThat(met.chars().distinct().count()).isEqualTo(1);
        }
    }

    @Test
    void theEndpointWithTheFewestRequestsIsChosenAmongSoMany() {
        for (String policy : List.of(
                "lb_policy: LEAST_REQUEST\nleast_request_lb_config: { choice_count: 60 }",
                typed("least_request", "LeastRequest", "choice_count: 60"))) {
            try (Subject.Running gateway = start(policy, "", endpoints(2));
                    Http1Browser stuck = new Http1Browser(gateway.port())) {
                stuck.raw("GET /stuck HTTP/1.1\r\nhost: a\r\n\r\n");
                List<Http1Backend> both = backends.subList(backends.size() - 2, backends.size());
                await().until(() -> both.stream().anyMatch(Http1Backend::wasAsked));
                String free = letter(backends.indexOf(
                        both.stream().filter(one -> !one.wasAsked()).findFirst().orElseThrow()));
                assertThat(answers(gateway, 20)).isEqualTo(free.repeat(20));
            }
        }
    }

    @Test
    void anyEndpointMayBeMetByChance() {
        for (String policy : List.of("lb_policy: RANDOM", typed("random", "Random", ""))) {
            try (Subject.Running gateway = start(policy, "", endpoints(2))) {
                assertThat(answers(gateway, 60).chars().distinct().count()).isEqualTo(2);
            }
        }
    }
}
