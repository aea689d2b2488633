package io.grpcweb.gateway.config.hocon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import com.typesafe.config.ConfigFactory;
import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.ConfigProblem;
import io.grpcweb.gateway.config.Configs;
import io.grpcweb.gateway.config.Endpoint;
import io.grpcweb.gateway.config.ErrorFormat;
import io.grpcweb.gateway.config.FilesRead;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.config.ListenerConfig;
import io.grpcweb.gateway.config.RouteConfig;
import io.grpcweb.gateway.config.StringMatch;
import io.grpcweb.gateway.filter.cors.CorsPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GatewayConfTest {
    private static final Path REFERENCE = Path.of("../config/gateway.conf");

    private static final String SHORT = """
            listeners.main { listen = "0.0.0.0:8080", cors.origins = ["https://app.example"] }
            clusters.backend.endpoints = ["localhost:50051"]
            """;

    @Test
    void twoLinesAreAGateway() throws ConfigException {
        GatewayConfig config = Configs.parse(SHORT, "short.conf");

        assertThat(config.errorFormat()).isEqualTo(ErrorFormat.BROWSER);
        assertThat(config.admin()).isEmpty();
        ListenerConfig listener = config.listeners().get(0);
        assertThat(listener.address()).isEqualTo(new Endpoint("0.0.0.0", 8080));
        RouteConfig.Route route = FirstListener.route(config);
        RouteConfig.Forward forward = (RouteConfig.Forward) route.action();
        assertThat(forward.cluster()).isEqualTo(new RouteConfig.ClusterChoice.Named("backend"));
        assertThat(forward.grpcOnly()).isTrue();
        assertThat(forward.timeout()).isEqualTo(Duration.ZERO);
        assertThat(forward.streamLimits())
                .contains(new RouteConfig.StreamLimits(
                        Optional.empty(), Optional.of(Duration.ZERO), Duration.ZERO, false));
        CorsPolicy cors = CorsPolicy.of(route.filters()).orElseThrow();
        assertThat(cors.origins()).containsExactly(new StringMatch.Exact("https://app.example", false));
        assertThat(cors.allowHeaders()).contains("grpc-timeout").contains("x-grpc-web");
        assertThat(cors.exposeHeaders()).contains("grpc-status-details-bin");
        assertThat(cors.place().text()).isEqualTo("short.conf:1: listeners.main.cors");
        ClusterConfig cluster = config.clusters().get(0);
        assertThat(cluster.discovery().type()).isEqualTo(ClusterConfig.Discovery.Type.STRICT_DNS);
        assertThat(cluster.protocol()).isEqualTo(ClusterConfig.Protocol.HTTP2);
    }

    @Test
    void theReferenceSaysWhatHoldsAnyway() throws ConfigException {
        GatewayConfig reference = Configs.read(REFERENCE);
        GatewayConfig defaults =
                Configs.parse("listeners.main {}, clusters.backend.endpoints = [\"localhost:50051\"], admin {}", "x");

        assertThat(reference)
                .usingRecursiveComparison()
                .ignoringFieldsMatchingRegexes("(.*\\.)?places?")
                .isEqualTo(defaults);
    }

    @Test
    void theReferenceNamesEveryKey() throws Exception {
        String text = Files.readString(REFERENCE);
        Findings findings = new Findings("reference", new FilesRead());
        GatewayConf.gateway(new Section(ConfigFactory.parseString(text).root(), "", findings), Configs.FILTERS);

        Set<String> missing = new TreeSet<>();
        for (String key : findings.knownKeys()) {
            if (!key.startsWith("no-")
                    && !text.matches("(?s).*(?<![a-z0-9-])" + key.replace(".", "\\.") + "(?![a-z0-9-]).*")) {
                missing.add(key);
            }
        }
        missing.remove("main");
        assertThat(missing).isEmpty();
    }

    @Test
    void everythingThatIsWrongIsSaidAtOnceWithLineAndPath() {
        String text = """
                listeners {
                  main {
                    listen = "8080"
                    timeouts { stream-idle = 5 }
                    routs = []
                    routes = [{ prefix = "/", cluster = bakend }]
                    tls { certificate = "missing.pem", key = "missing.key" }
                  }
                }
                clusters.backend { endpoints = ["localhost"], balancer = fastest, connect-timeout = soon }
                """;

        assertThatThrownBy(() -> Configs.parse(text, "wrong.conf"))
                .isInstanceOfSatisfying(ConfigException.class, wrong -> assertThat(wrong.problems())
                        .extracting(ConfigProblem::line, ConfigProblem::path)
                        .containsExactlyInAnyOrder(
                                tuple(3, "listeners.main.listen"),
                                tuple(4, "listeners.main.timeouts.stream-idle"),
                                tuple(5, "listeners.main.routs"),
                                tuple(6, "listeners.main.routes[0].cluster"),
                                tuple(7, "listeners.main.tls.certificate"),
                                tuple(7, "listeners.main.tls.key"),
                                tuple(10, "clusters.backend.endpoints"),
                                tuple(10, "clusters.backend.balancer"),
                                tuple(10, "clusters.backend.connect-timeout")))
                .hasMessageContaining("wrong.conf:5: listeners.main.routs: unknown key; did you mean 'routes'?")
                .hasMessageContaining("a duration needs its unit: write 5s or 5ms")
                .hasMessageContaining("there is no cluster 'bakend'; clusters has backend")
                .hasMessageContaining("'8080' is not an address: write \"HOST:PORT\"")
                .hasMessageContaining("'missing.pem' does not exist");
    }

    @Test
    void negativeNumbersAreRefused() {
        String text = "listeners.main { connection-limit = -1, timeouts.drain = -5s }\n" + SHORT;

        assertThatThrownBy(() -> Configs.parse(text, "x.conf"))
                .hasMessageContaining("x.conf:1: listeners.main.connection-limit: must not be negative")
                .hasMessageContaining("x.conf:1: listeners.main.timeouts.drain: must not be negative");
    }

    @Test
    void brokenSyntaxNamesTheLine() {
        assertThatThrownBy(() -> Configs.parse("listeners {\n  main {\n", "broken.conf"))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("broken.conf:");
    }

    @Test
    void aMissingFileIsSaid(@TempDir Path folder) {
        assertThatThrownBy(() -> Configs.read(folder.resolve("none.conf")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("this file does not exist");
    }

    @Test
    void aFileWithACertificateThatIsNoneIsRefused(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("cert.pem"), "not a certificate");
        String text = "listeners.main.tls { certificate = \"" + file + "\", key = \"" + file + "\" }\n" + SHORT;

        assertThatThrownBy(() -> Configs.parse(text, "x.conf"))
                .hasMessageContaining("holds no certificate in PEM form")
                .hasMessageContaining("holds no private key in PEM form");
    }

    @Test
    void aRouteTakesFromTheListenersCorsWhatItDoesNotSay() throws ConfigException {
        GatewayConfig config = Configs.parse("""
                listeners.main {
                  cors { origins = ["https://a.example"], allow-credentials = true }
                  routes = [
                    { prefix = "/open", cors.origins = ["*"], cors.allow-credentials = false }
                    { prefix = "/closed", cors = off }
                    { prefix = "/" }
                  ]
                }
                clusters.backend.endpoints = ["127.0.0.1:1"]
                """, "x");
        List<RouteConfig.Route> routes = FirstListener.virtualHost(config).routes();

        assertThat(CorsPolicy.of(routes.get(0).filters()).orElseThrow().origins())
                .containsExactly(new StringMatch.Exact("*", false));
        assertThat(CorsPolicy.of(routes.get(0).filters()).orElseThrow().allowCredentials())
                .contains(false);
        assertThat(CorsPolicy.of(routes.get(1).filters())).isEmpty();
        assertThat(CorsPolicy.of(routes.get(2).filters()).orElseThrow().allowCredentials())
                .contains(true);
    }

    @Test
    void originsThatFitStrangersAndRetriesOfWhatWasDoneAreWarnedOf() throws ConfigException {
        GatewayConfig config = Configs.parse("""
                listeners.main {
                  cors { origins = [{ prefix = "https://app.example" }, { suffix = "app.example" }, { suffix = ".app.example" }]
                         allow-credentials = true }
                  routes = [{ prefix = "/a/", cluster = b, retry.on = [unavailable, reset] }, { cluster = b, retry {} }]
                }
                clusters.b.endpoints = ["127.0.0.1:1"]
                """, "x");

        assertThat(config.warnings())
                .filteredOn(line -> line.contains("cookies"))
                .satisfiesExactly(
                        prefix -> assertThat(prefix).contains("https://app.example.stranger.example"),
                        suffix -> assertThat(suffix).contains("https://stranger-app.example"));
        assertThat(config.warnings())
                .filteredOn(line -> line.contains("retry.on"))
                .singleElement()
                .asString()
                .contains("routes[0]", "retry.on = [reset]");
    }

    @Test
    void anOpenDoorIsSaidAtStart() throws ConfigException {
        GatewayConfig config = Configs.parse("""
                listeners.main.cors { origins = [{ regex = ".*" }], allow-credentials = true }
                clusters.backend { endpoints = ["127.0.0.1:1"], tls.verify = false }
                admin.listen = "0.0.0.0:9901"
                """, "x");

        assertThat(config.warnings())
                .anyMatch(line -> line.contains("EVERY origin may call with the cookies"))
                .anyMatch(line -> line.contains("NOT VERIFIED"))
                .anyMatch(line -> line.contains("the admin pages are open to everyone"));
    }

    @Test
    void aClusterThatIsNoGrpcTakesEverything() throws ConfigException {
        GatewayConfig config = Configs.parse(
                "listeners.main {}, clusters.pages { endpoints = [\"127.0.0.1:80\"], protocol = http1 }", "x");

        assertThat(FirstListener.route(config).action())
                .isInstanceOfSatisfying(RouteConfig.Forward.class, forward -> assertThat(forward.grpcOnly())
                        .isFalse());
    }

    @Test
    void anSrvNameIsAnEndpointWithoutAPortAndWithoutAWeight() throws ConfigException {
        assertThat(Configs.parse(
                                "listeners.main {}, clusters.backend.endpoints = [\"srv:_grpc._tcp.backend.example\"]",
                                "x")
                        .clusters()
                        .get(0))
                .satisfies(cluster -> {
                    assertThat(cluster.discovery().type()).isEqualTo(ClusterConfig.Discovery.Type.STRICT_DNS);
                    assertThat(cluster.localities().get(0).hosts())
                            .containsExactly(ClusterConfig.Host.at(Endpoint.srv("_grpc._tcp.backend.example")));
                });

        assertThatThrownBy(() -> Configs.parse("""
                        listeners.main { listen = "srv:_grpc._tcp.backend.example", routes = [{ prefix = "/", cluster = a }] }
                        clusters.a.endpoints = ["srv:_grpc._tcp.backend.example:50051"]
                        clusters.b.endpoints = ["srv:10.0.0.1", "srv:", "srv:a..b"]
                        clusters.c.endpoints = [{ address = "srv:a.example", weight = 2 }]
                        clusters.d { endpoints = ["srv:a.example"], dns.type = logical-dns }
                        clusters.e { endpoints = ["srv:a.example"], dns.type = static }
                        """, "srv.conf"))
                .isInstanceOfSatisfying(ConfigException.class, wrong -> assertThat(wrong.problems())
                        .extracting(ConfigProblem::line, ConfigProblem::path)
                        .containsExactlyInAnyOrder(
                                tuple(1, "listeners.main.listen"),
                                tuple(2, "clusters.a.endpoints"),
                                tuple(3, "clusters.b.endpoints"),
                                tuple(3, "clusters.b.endpoints"),
                                tuple(3, "clusters.b.endpoints"),
                                tuple(4, "clusters.c.endpoints[0].weight"),
                                tuple(5, "clusters.d.dns.type"),
                                tuple(6, "clusters.e.dns.type")))
                .hasMessageContaining("'srv:_grpc._tcp.backend.example:50051' is no name of SRV records")
                .hasMessageContaining("without a port, which the records have");
    }

    @Test
    void whatIsSaidOfEndpointsAndNameServersIsWrittenAsItIsRead() throws ConfigException {
        GatewayConfig config = Configs.parse("""
                listeners.main {}
                clusters.backend {
                  endpoints = [
                    "srv:_grpc._tcp.backend.example"
                    { address = "10.0.0.1:1", additional-addresses = ["[fd00::1]:1", "10.0.0.2:1"] }
                  ]
                  dns {
                    servers = ["10.0.0.53:53"], rotate = true, tcp = true, search = false, timeout = 7s, tries = 3
                    max-payload = 512
                  }
                  tls.session-keys = 0
                }
                """, "x");

        assertThat(Configs.parse(Configs.write(config), "x"))
                .usingRecursiveComparison()
                .ignoringFieldsMatchingRegexes("(.*\\.)?places?")
                .isEqualTo(config);
        assertThat(Configs.quickStart(
                                new Endpoint("127.0.0.1", 0),
                                List.of(Endpoint.srv("_grpc._tcp.backend.example")),
                                List.of(),
                                Optional.empty())
                        .clusters()
                        .get(0)
                        .localities()
                        .get(0)
                        .hosts())
                .containsExactly(ClusterConfig.Host.at(Endpoint.srv("_grpc._tcp.backend.example")));
    }

    @Test
    void severalAddressesOfAnEndpointAreIpAddresses() {
        assertThatThrownBy(() -> Configs.parse("""
                        listeners.main {}
                        clusters.a.endpoints = [{ address = "localhost:1", additional-addresses = ["127.0.0.1:1"] }]
                        clusters.b.endpoints = [{ address = "127.0.0.1:1", additional-addresses = ["localhost:1"] }]
                        """, "more.conf"))
                .hasMessageContaining(
                        "more.conf:2: clusters.a.endpoints[0].additional-addresses: 'localhost:1' is no IP")
                .hasMessageContaining(
                        "more.conf:3: clusters.b.endpoints[0].additional-addresses: 'localhost:1' is not an IP");
    }

    @Test
    void howNameServersAreAskedHasBounds() {
        assertThatThrownBy(() -> Configs.parse("""
                        listeners.main {}
                        clusters.a { endpoints = ["a:1"], dns { timeout = 0s, max-payload = 511 } }
                        clusters.b { endpoints = ["a:1"], dns { tries = 0, servers = ["ns.example:53"] } }
                        """, "dns.conf"))
                .hasMessageContaining("dns.conf:2: clusters.a.dns.timeout: must be more than nothing")
                .hasMessageContaining("dns.conf:2: clusters.a.dns.max-payload: must be from 512 to 4096 bytes")
                .hasMessageContaining("dns.conf:3: clusters.b.dns.tries: must be more than nothing")
                .hasMessageContaining("dns.conf:3: clusters.b.dns.servers: 'ns.example:53' is not an IP address");
    }

    @Test
    void aClusterThatAFilterAsksMustBeThere() throws ConfigException {
        String text = """
                listeners.main { listen = "127.0.0.1:0", routes = [{ cluster = a, filters { late {
                    type = rate-limit-service, domain = d, grpc { cluster = gone } } } }]
                  filters = [
                    { type = ext-authz, grpc { cluster = nobody } },
                    { type = rate-limit-service, name = late, domain = d, grpc { cluster = a } },
                    { type = jwt-authn, providers { p { issuer = i, keys { uri = "https://i/keys", cluster = nowhere } } } }, router] }
                clusters.a { endpoints = ["a:1"] }
                %s
                """;

        assertThatThrownBy(() -> Configs.parse(text.formatted(""), "a.conf"))
                .hasMessageContaining("the filter 'ext-authz' asks the cluster 'nobody', and there is no such cluster"
                        + " (a.conf:4: listeners.main.filters[0])")
                .hasMessageContaining(
                        "the filter 'late' asks the cluster 'gone', and there is no such cluster (a.conf:1:")
                .hasMessageContaining("asks the cluster 'nowhere'");
        assertThat(Configs.parse(text.formatted("allow-unknown-clusters = true"), "a.conf")
                        .listeners())
                .hasSize(1);
    }
}
