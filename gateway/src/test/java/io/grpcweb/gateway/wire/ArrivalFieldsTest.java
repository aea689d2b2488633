package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Http1Backend;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.Subject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What an Envoy file has done to a request before it is routed. */
@ParameterizedClass
@MethodSource("io.grpcweb.gateway.testing.Subject#all")
record ArrivalFieldsTest(Subject subject) {
    private static final String HOSTS = """
            - match: { prefix: / }
              route: { cluster: backend }
            """;

    /** What the backend sees of a request with this host. */
    private Http1Backend.Request seen(String manager, String host, String... fields) {
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                        .http1()
                        .with("MANAGER", manager)
                        .with("ROUTES", HOSTS))) {
            try (Http1Browser browser = new Http1Browser(gateway.port())) {
                StringBuilder request = new StringBuilder("GET / HTTP/1.1\r\nhost: ")
                        .append(host.replace("PORT", Integer.toString(gateway.port())))
                        .append("\r\n");
                for (int i = 0; i < fields.length; i += 2) {
                    request.append(fields[i]).append(": ").append(fields[i + 1]).append("\r\n");
                }
                browser.raw(request + "\r\n");
                return backend.next();
            }
        }
    }

    private String host(String manager, String host) {
        return seen(manager, host).field("host");
    }

    @Test
    void thePortOfTheHostGoesWhereTheFileSaysSo() {
        assertThat(host("strip_any_host_port: true", "a.test:81")).isEqualTo("a.test");
        assertThat(host("strip_any_host_port: true", "[::1]:81")).isEqualTo("[::1]");
        assertThat(host("strip_matching_host_port: true", "a.test:81")).isEqualTo("a.test:81");
        assertThat(host("strip_matching_host_port: true", "a.test:PORT")).isEqualTo("a.test");
        assertThat(host("strip_trailing_host_dot: true", "a.test.")).isEqualTo("a.test");
        assertThat(host("strip_trailing_host_dot: true", "a.test.:81")).isEqualTo("a.test:81");
        assertThat(host("strip_trailing_host_dot: true\nstrip_any_host_port: true", "a.test.:81"))
                .isEqualTo("a.test");
        assertThat(host("", "a.test.:81")).isEqualTo("a.test.:81");
    }

    @Test
    void eachProxyOnTheWayIsNamedInBothDirections() {
        try (Http1Backend backend =
                        new Http1Backend(request -> "HTTP/1.1 200 OK\r\nvia: 1.1 far\r\ncontent-length: 0\r\n\r\n");
                Subject.Running gateway =
                        subject.start(new EnvoyFile(backend.port()).http1().with("MANAGER", "via: 1.1 edge"))) {
            Answer answer = Http1Browser.once(gateway.port(), "GET", "/", "via", "1.0 near", "via", "1.1 nearer");
            assertThat(backend.next().field("via")).isEqualTo("1.0 near,1.1 nearer, 1.1 edge");
            assertThat(answer.header("via")).isEqualTo("1.1 far, 1.1 edge");
        }
        assertThat(seen("via: 1.1 edge", "a.test").field("via")).isEqualTo("1.1 edge");
    }

    @Test
    void thePortThatTheClientConnectedToIsTold() {
        String port = "append_x_forwarded_port: true";
        assertThat(seen(port, "a.test").field("x-forwarded-port")).matches("[0-9]{2,5}");
        assertThat(seen(port, "a.test", "x-forwarded-port", "7").field("x-forwarded-port"))
                .isEqualTo("7");
        String edge = port + "\nuse_remote_address: true";
        assertThat(seen(edge, "a.test", "x-forwarded-port", "7").field("x-forwarded-port"))
                .matches("[0-9]{2,5}");
        assertThat(seen(edge + "\nxff_num_trusted_hops: 1", "a.test", "x-forwarded-port", "7")
                        .field("x-forwarded-port"))
                .isEqualTo("7");
        assertThat(seen("", "a.test").field("x-forwarded-port")).isNull();
    }

    @Test
    void theSchemeMayBeAnother() {
        String https = "scheme_header_transformation: { scheme_to_overwrite: https }";
        assertThat(seen(https, "a.test").field("x-forwarded-proto")).isEqualTo("https");
        assertThat(seen(https, "a.test", "x-forwarded-proto", "http").field("x-forwarded-proto"))
                .isEqualTo("https");
        assertThat(seen("", "a.test").field("x-forwarded-proto")).isEqualTo("http");
    }

    @Test
    void thePortMayBeLeftOutWhereTheVirtualHostIsLookedFor() {
        for (boolean ignored : new boolean[] {true, false}) {
            try (Http1Backend backend = new Http1Backend();
                    Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                            .http1()
                            .with("TABLE", "ignore_port_in_host_matching: " + ignored)
                            .text()
                            .replace("domains: [\"*\"]", "domains: [\"a.test\"]"))) {
                assertThat(Http1Browser.once(gateway.port(), "GET", "/", "host", "a.test:81")
                                .status())
                        .isEqualTo(ignored ? 200 : 404);
            }
        }
    }

    /** How long the backend is told that its response is waited for; 15 s is what a route waits by itself. */
    private String expected(String network, String... fields) {
        String manager = "use_remote_address: true\ninternal_address_config: { cidr_ranges: [ " + network + " ] }";
        Http1Backend.Request seen = seen(manager, "a.test", fields);
        return seen.field("x-envoy-expected-rq-timeout-ms") + " " + seen.field("x-envoy-internal");
    }

    @Test
    void whoIsTrustedByAddressMayUseEnvoysFields() {
        String loopback = "{ address_prefix: 127.0.0.0, prefix_len: 8 }";
        String[] asked = {"x-envoy-upstream-rq-timeout-ms", "900"};
        assertThat(expected(loopback, asked)).isEqualTo("900 true");
        assertThat(expected("{ address_prefix: 10.0.0.0, prefix_len: 8 }", asked))
                .isEqualTo("15000 null");
        assertThat(expected(loopback, "x-envoy-upstream-rq-timeout-ms", "900", "x-forwarded-for", "127.0.0.1"))
                .isEqualTo("15000 null");
    }

    @Test
    void someFieldsAreForThoseWhoAreTrusted() {
        for (String network : new String[] {"127.0.0.0", "10.0.0.0"}) {
            String trusted =
                    "internal_address_config: { cidr_ranges: [ { address_prefix: " + network + ", prefix_len: 8 } ] }";
            try (Http1Backend backend = new Http1Backend();
                    Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                            .http1()
                            .with("MANAGER", "use_remote_address: true\n" + trusted)
                            .with("TABLE", "internal_only_headers: [ X-Role ]"))) {
                Http1Browser.once(gateway.port(), "GET", "/", "x-role", "admin", "x-name", "ann");

                Http1Backend.Request seen = backend.next();
                assertThat(seen.field("x-role")).isEqualTo(network.startsWith("127") ? "admin" : null);
                assertThat(seen.field("x-name")).isEqualTo("ann");
            }
        }
    }

    @Test
    void earlyChangesDecideTheRoute() {
        String early = """
                early_header_mutation_extensions:
                - name: early
                  typed_config:
                    "@type": type.googleapis.com/envoy.extensions.http.early_header_mutation.header_mutation.v3.HeaderMutation
                    mutations:
                    - remove: x-gone
                    - append: { header: { key: x-early, value: "1" }, append_action: OVERWRITE_IF_EXISTS_OR_ADD }
                """;
        String routes = """
                - match: { prefix: /, headers: [ { name: x-early, string_match: { exact: "1" } }, { name: x-gone, present_match: false } ] }
                  route: { cluster: backend }
                """;
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                        .http1()
                        .with("MANAGER", early)
                        .with("ROUTES", routes))) {
            assertThat(Http1Browser.once(gateway.port(), "GET", "/", "x-gone", "1", "x-early", "2")
                            .status())
                    .isEqualTo(200);
            assertThat(backend.next().field("x-early")).isEqualTo("1");
        }
    }

    private static String xff(String fields) {
        return """
                original_ip_detection_extensions:
                - name: xff
                  typed_config:
                    "@type": type.googleapis.com/envoy.extensions.http.original_ip_detection.xff.v3.XffConfig
                    %s
                """.formatted(fields);
    }

    /** Who a request is from, and what the backend sees in x-forwarded-for. */
    private List<String> client(String manager, String forwarded) {
        String routes = """
                - match: { prefix: / }
                  route: { cluster: backend }
                  response_headers_to_add:
                  - header: { key: x-client, value: "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%" }
                """;
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                        .http1()
                        .with("MANAGER", manager)
                        .with("ROUTES", routes))) {
            String client = Http1Browser.once(gateway.port(), "GET", "/", "x-forwarded-for", forwarded)
                    .header("x-client");
            return List.of(client, backend.next().field("x-forwarded-for"));
        }
    }

    @Test
    void theClientIsTheOneThatProxiesOfOurOwnName() {
        String list = "10.0.0.1,10.0.0.2,10.0.0.3";
        assertThat(client(xff("xff_num_trusted_hops: 1"), list)).containsExactly("10.0.0.2", list);
        List<String> appended = client(xff("xff_num_trusted_hops: 0\n    skip_xff_append: false"), list);
        assertThat(appended.get(0)).isEqualTo("10.0.0.3");
        // For a peer on the same machine Envoy appends the address of the machine.
        assertThat(appended.get(1)).matches(list + ",[0-9.]+");
        String trusted = "xff_trusted_cidrs: { cidrs: [ { address_prefix: 127.0.0.0, prefix_len: 8 },"
                + " { address_prefix: 10.0.0.2, prefix_len: 31 } ] }";
        assertThat(client(xff(trusted), list)).containsExactly("10.0.0.1", list);
        String others = "xff_trusted_cidrs: { cidrs: [ { address_prefix: 10.0.0.0, prefix_len: 8 } ] }";
        List<String> untrusted = client(xff(others), list);
        assertThat(untrusted.get(0)).isEqualTo("127.0.0.1");
        assertThat(untrusted.get(1)).matches(list + ",[0-9.]+");
    }
}
