package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Http1Backend;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.Subject;
import io.grpcweb.gateway.upstream.discovery.DnsServer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What an Envoy file says of those that are asked for names. */
@ParameterizedClass
@MethodSource("io.grpcweb.gateway.testing.Subject#all")
record DnsFieldsTest(Subject subject) {
    private static final String CARES = """
            typed_dns_resolver_config:
              name: envoy.network.dns_resolver.cares
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.network.dns_resolver.cares.v3.CaresDnsResolverConfig
                resolvers: [ %s ]
                query_timeout_seconds: 1
                query_tries: 2
                rotate_nameservers: true
                edns0_max_payload_size: 512
                dns_resolver_options: { no_default_search_domain: true }
            """;

    private static final String DNS = """
            cluster_type:
              name: envoy.cluster.dns
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.clusters.dns.v3.DnsCluster
                %s
            """;
    private static final String STRICT = "type: STRICT_DNS\n%s";

    private static EventLoopGroup group;
    private static DnsServer dns;
    private static Http1Backend backend;

    @BeforeAll
    static void start() {
        group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        dns = new DnsServer(group);
        dns.put("backend.test", "127.0.0.1");
        backend = new Http1Backend();
    }

    @AfterAll
    static void stop() {
        backend.close();
        dns.close();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    private static String server() {
        return "{ socket_address: { address: 127.0.0.1, port_value: " + dns.port() + " } }";
    }

    /** The status of a request to a backend by name; at each place a piece may be put. */
    private int status(String bootstrap, String cluster) {
        String text = new EnvoyFile(backend.port())
                .http1()
                .with("CLUSTER", "dns_lookup_family: V4_ONLY\n" + cluster)
                .text()
                .replace(
                        "address: 127.0.0.1, port_value: " + backend.port(),
                        "address: backend.test, port_value: " + backend.port());
        try (Subject.Running gateway = subject.start(text + bootstrap)) {
            return Http1Browser.once(gateway.port(), "GET", "/").status();
        }
    }

    @Test
    void theResolversOfTheClusterAreAsked() {
        assertThat(status("", "type: STRICT_DNS\n" + CARES.formatted(server()))).isEqualTo(200);
        assertThat(status("", "type: LOGICAL_DNS\n" + CARES.formatted(server())))
                .isEqualTo(200);
    }

    @Test
    void theResolversOfOlderFieldsAreAsked() {
        assertThat(status("", "type: STRICT_DNS\ndns_resolvers: [ " + server() + " ]"))
                .isEqualTo(200);
        assertThat(status("", "type: STRICT_DNS\ndns_resolution_config: { resolvers: [ " + server() + " ] }"))
                .isEqualTo(200);
        assertThat(status(
                        "",
                        "type: STRICT_DNS\ndns_resolution_config: { resolvers: [ " + server()
                                + " ], dns_resolver_options: { use_tcp_for_dns_lookups: true } }"))
                .isEqualTo(200);
    }

    @Test
    void resolversAreAskedOverTcpWhereTheFileSaysSo() {
        String servers = "dns_resolvers: [ " + server() + " ]\n";
        assertThat(status("", "type: STRICT_DNS\n" + servers + "use_tcp_for_dns_lookups: true"))
                .isEqualTo(200);
        assertThat(status("use_tcp_for_dns_lookups: true\n", "type: STRICT_DNS\n" + servers))
                .isEqualTo(200);
    }

    @Test
    void theResolversOfTheBootstrapAreAskedForClustersWithoutTheirOwn() {
        assertThat(status(CARES.formatted(server()), "type: STRICT_DNS")).isEqualTo(200);
        assertThat(status("dns_resolution_config: { resolvers: [ " + server() + " ] }", "type: STRICT_DNS"))
                .isEqualTo(200);
    }

    @Test
    void theResolversOfADnsClusterAreAsked() {
        assertThat(status("", """
                cluster_type:
                  name: envoy.cluster.dns
                  typed_config:
                    "@type": type.googleapis.com/envoy.extensions.clusters.dns.v3.DnsCluster
                    dns_lookup_family: V4_ONLY
                    %s
                """.formatted(CARES.formatted(server()).strip().replace("\n", "\n    "))))
                .isEqualTo(200);
    }

    /** A cluster of a name at the test's own name server, by its type and fields. */
    private Subject.Running named(String name, String type, String fields) {
        return subject.start(new EnvoyFile(backend.port())
                .http1()
                .with(
                        "CLUSTER",
                        type.formatted((CARES.formatted(server()) + fields)
                                .strip()
                                .replace("\n", type.equals(DNS) ? "\n    " : "\n")))
                .text()
                .replace(
                        "address: 127.0.0.1, port_value: " + backend.port(),
                        "address: " + name + ", port_value: " + backend.port()));
    }

    @Test
    void namesAreAskedForAgainAtTheRateOfTheFile() {
        dns.put("often.test", "127.0.0.1");
        for (String type : List.of(DNS, STRICT)) {
            for (String rate : List.of(
                    "dns_refresh_rate: 0.1s\ndns_lookup_family: V4_ONLY",
                    "dns_refresh_rate: 60s\nrespect_dns_ttl: true\ndns_lookup_family: V4_ONLY")) {
                try (Subject.Running gateway = named("often.test", type, rate)) {
                    int before = dns.queries();
                    await().until(() -> dns.queries() >= before + 3);
                    assertThat(Http1Browser.once(gateway.port(), "GET", "/").status())
                            .isEqualTo(200);
                }
            }
        }
    }

    @Test
    void namesHaveAddressesOfTheFamilyOfTheFile() {
        for (String type : List.of(DNS, STRICT)) {
            for (String family : List.of("V4_ONLY", "V6_ONLY")) {
                try (Subject.Running gateway = named("backend.test", type, "dns_lookup_family: " + family)) {
                    assertThat(Http1Browser.once(gateway.port(), "GET", "/").status())
                            .isEqualTo(family.equals("V4_ONLY") ? 200 : 503);
                }
            }
        }
    }

    @Test
    void addressesAreEndpointsOrOneTogether() {
        dns.put("two.test", "127.0.0.1", "127.0.0.2");
        for (boolean one : new boolean[] {true, false}) {
            try (Subject.Running gateway =
                    named("two.test", DNS, "dns_lookup_family: V4_ONLY\nall_addresses_in_single_endpoint: " + one)) {
                assertThat(gateway.page("/stats?filter=membership_total"))
                        .contains("cluster.backend.membership_total: " + (one ? 1 : 2) + "\n");
            }
        }
    }
}
