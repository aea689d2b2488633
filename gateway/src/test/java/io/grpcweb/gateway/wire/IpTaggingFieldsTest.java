package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Http1Backend;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.Subject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What an Envoy file says of the filter ip_tagging. */
@ParameterizedClass
@MethodSource("io.grpcweb.gateway.testing.Subject#all")
record IpTaggingFieldsTest(Subject subject) {
    private static final String TYPE = "type.googleapis.com/envoy.extensions.filters.http.ip_tagging.v3.IPTagging";
    private static final String TAGS = "ip_tags: [ { ip_tag_name: office, ip_list: [ { address_prefix: 198.51.100.0,"
            + " prefix_len: 24 } ] }, { ip_tag_name: six, ip_list: [ { address_prefix: \"2001:db8::\", prefix_len: 32 } ] } ]";

    private Subject.Running start(Http1Backend backend, String settings, String routes) {
        return subject.start(new EnvoyFile(backend.port())
                .http1()
                .with("MANAGER", "use_remote_address: true\nxff_num_trusted_hops: 1\n")
                .with("FILTERS", "- name: tags\n  typed_config: { \"@type\": " + TYPE + ", " + settings + " }\n")
                .with("ROUTES", routes + "- match: { prefix: / }\n  route: { cluster: backend }\n"));
    }

    @ParameterizedTest
    @CsvSource({"198.51.100.7, office", "2001:db8::1, six", "203.0.113.1,"})
    void theBackendIsToldTheTagsOfTheClient(String client, String expected) {
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = start(backend, TAGS, "")) {
            Http1Browser.once(gateway.port(), "GET", "/", "x-forwarded-for", client, "x-envoy-ip-tags", "mine");
            assertThat(backend.next().field("x-envoy-ip-tags")).isEqualTo(expected);
            assertThat(gateway.page("/stats?filter=ip_tagging").lines())
                    .contains(
                            "http.edge.ip_tagging.total: 1",
                            "http.edge.ip_tagging." + (expected == null ? "no_hit" : expected + ".hit") + ": 1");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "SANITIZE, 198.51.100.7, office",
        "SANITIZE, 203.0.113.1,",
        "APPEND_IF_EXISTS_OR_ADD, 198.51.100.7, 'mine,office'",
        "APPEND_IF_EXISTS_OR_ADD, 203.0.113.1, mine"
    })
    void anotherFieldIsReplacedOrAddedTo(String action, String client, String expected) {
        String settings = TAGS + ", ip_tag_header: { header: X-Tags, action: " + action + " }";
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = start(backend, settings, "")) {
            Http1Browser.once(gateway.port(), "GET", "/", "x-forwarded-for", client, "x-tags", "mine");
            assertThat(backend.next().field("x-tags")).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @CsvSource({"INTERNAL,", "EXTERNAL, office", "BOTH, office"})
    void requestsFromOutsideAreExternal(String type, String expected) {
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = start(backend, TAGS + ", request_type: " + type, "")) {
            Http1Browser.once(
                    gateway.port(), "GET", "/", "x-forwarded-for", "198.51.100.7", "x-envoy-internal", "true");
            assertThat(backend.next().field("x-envoy-ip-tags")).isEqualTo(expected);
        }
    }

    @Test
    void aRouteMayLookAtTheTags() {
        String route = """
                - match: { prefix: /, headers: [ { name: x-envoy-ip-tags, string_match: { exact: office } } ] }
                  direct_response: { status: 203 }
                """;
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = start(backend, TAGS, route)) {
            assertThat(Http1Browser.once(gateway.port(), "GET", "/", "x-forwarded-for", "198.51.100.7")
                            .status())
                    .isEqualTo(203);
            assertThat(Http1Browser.once(gateway.port(), "GET", "/", "x-forwarded-for", "203.0.113.1")
                            .status())
                    .isEqualTo(200);
        }
    }
}
