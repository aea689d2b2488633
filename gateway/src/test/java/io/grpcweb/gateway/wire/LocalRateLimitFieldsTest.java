package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Http1Backend;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.Subject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What an Envoy file says of descriptors of the filter local_ratelimit; the rest of it is with the other filters. */
@ParameterizedClass
@MethodSource("io.grpcweb.gateway.testing.Subject#all")
record LocalRateLimitFieldsTest(Subject subject) {
    private static final String BY_USER =
            "rate_limits: " + "[ { actions: [ { request_headers: { header_name: x-user, descriptor_key: user } } ] } ]";

    private static String filter(int tokens, String fields) {
        return """
                - name: limit
                  typed_config:
                    "@type": type.googleapis.com/envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit
                    stat_prefix: limit
                    token_bucket: { max_tokens: %d, fill_interval: 3600s }
                    filter_enabled: { default_value: { numerator: 100 } }
                    filter_enforced: { default_value: { numerator: 100 } }
                    %s
                """.formatted(tokens, fields.strip().replace("\n", "\n    "));
    }

    private Subject.Running start(Http1Backend backend, String filter, String action) {
        return subject.start(
                new EnvoyFile(backend.port()).http1().with("BEHIND", filter).with("ROUTES", """
                        - match: { prefix: / }
                          route: { cluster: backend, %s }
                        """.formatted(action)));
    }

    private static Answer ask(Subject.Running gateway, String user) {
        return Http1Browser.once(gateway.port(), "GET", "/", "x-user", user);
    }

    private static int status(Subject.Running gateway, String user) {
        return ask(gateway, user).status();
    }

    @Test
    void aDescriptorHasABucketOfItsOwn() {
        String filter = filter(4, """
                descriptors:
                - { entries: [ { key: user, value: ann } ], token_bucket: { max_tokens: 1, fill_interval: 3600s } }
                """);
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = start(backend, filter, BY_USER)) {
            assertThat(status(gateway, "ann")).isEqualTo(200);
            assertThat(status(gateway, "ann")).isEqualTo(429);
            assertThat(status(gateway, "bob")).isEqualTo(200);
            assertThat(status(gateway, "bob")).isEqualTo(200);
            assertThat(status(gateway, "bob")).isEqualTo(200);
            assertThat(status(gateway, "bob")).isEqualTo(429);
        }
    }

    @Test
    void theCommonBucketMayBeForOthersOnly() {
        String filter = filter(1, """
                always_consume_default_token_bucket: false
                descriptors:
                - { entries: [ { key: user, value: ann } ], token_bucket: { max_tokens: 2, fill_interval: 3600s } }
                """);
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = start(backend, filter, BY_USER)) {
            assertThat(status(gateway, "ann")).isEqualTo(200);
            assertThat(status(gateway, "ann")).isEqualTo(200);
            assertThat(status(gateway, "ann")).isEqualTo(429);
            assertThat(status(gateway, "bob")).isEqualTo(200);
            assertThat(status(gateway, "bob")).isEqualTo(429);
        }
    }

    @Test
    void eachValueHasABucketUpToABound() {
        String filter = filter(100, """
                max_dynamic_descriptors: 1
                descriptors:
                - { entries: [ { key: user } ], token_bucket: { max_tokens: 1, fill_interval: 3600s } }
                """);
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = start(backend, filter, BY_USER)) {
            assertThat(status(gateway, "ann")).isEqualTo(200);
            assertThat(status(gateway, "ann")).isEqualTo(429);
            assertThat(status(gateway, "bob")).isEqualTo(200);
            assertThat(status(gateway, "bob")).isEqualTo(429);
            // One value is remembered, and ann's was forgotten.
            assertThat(status(gateway, "ann")).isEqualTo(200);
        }
    }

    @Test
    void aShadowIsCountedOnly() {
        String filter = filter(100, """
                rate_limits: [ { actions: [ { generic_key: { descriptor_key: who, descriptor_value: all } } ] } ]
                descriptors:
                - entries: [ { key: who, value: all } ]
                  token_bucket: { max_tokens: 1, fill_interval: 3600s }
                  shadow_mode: true
                """);
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = start(backend, filter, "timeout: 5s")) {
            assertThat(status(gateway, "ann")).isEqualTo(200);
            assertThat(status(gateway, "ann")).isEqualTo(200);
            assertThat(gateway.page("/stats"))
                    .contains(
                            "limit.http_local_rate_limit.shadow_mode: 1",
                            "limit.http_local_rate_limit.rate_limited: 1");
        }
    }

    @Test
    void limitsOfTheVirtualHostAndOtherStages() {
        String host = "rate_limits: [ { stage: 1, "
                + "actions: [ { generic_key: { descriptor_key: who, descriptor_value: all } } ] } ]";
        String descriptors = """
                stage: %d
                vh_rate_limits: %s
                descriptors:
                - { entries: [ { key: who, value: all } ], token_bucket: { max_tokens: 1, fill_interval: 3600s } }
                """;
        for (String[] form :
                new String[][] {{"1", "INCLUDE", "429"}, {"1", "IGNORE", "200"}, {"0", "INCLUDE", "200"}}) {
            String filter = filter(100, descriptors.formatted(Integer.valueOf(form[0]), form[1]));
            try (Http1Backend backend = new Http1Backend();
                    Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                            .http1()
                            .with("BEHIND", filter)
                            .with("HOST", host)
                            .with(
                                    "ROUTES",
                                    "- match: { prefix: / }\n  route: { cluster: backend, " + BY_USER + " }\n"))) {
                assertThat(status(gateway, "ann")).isEqualTo(200);
                assertThat(status(gateway, "ann")).isEqualTo(Integer.parseInt(form[2]));
            }
        }
    }

    @Test
    void aClientIsToldOfItsLimit() {
        String filter = filter(2, "enable_x_ratelimit_headers: DRAFT_VERSION_03\nenable_retry_after_header: true");
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = start(backend, filter, BY_USER)) {
            Answer first = ask(gateway, "ann");
            assertThat(first.header("x-ratelimit-limit")).isEqualTo("2");
            assertThat(first.header("x-ratelimit-remaining")).isEqualTo("1");
            assertThat(first.header("x-ratelimit-reset")).isEqualTo("0");
            assertThat(first.header("retry-after")).isNull();
            ask(gateway, "ann");
            Answer refused = ask(gateway, "ann");
            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.header("x-ratelimit-remaining")).isEqualTo("0");
            assertThat(Integer.parseInt(refused.header("x-ratelimit-reset"))).isBetween(3500, 3600);
            assertThat(Integer.parseInt(refused.header("retry-after"))).isBetween(3500, 3600);
        }
    }

    @Test
    void aCallOverALimitThatIsNotEnforcedIsMarked() {
        String filter = filter(
                        1, "request_headers_to_add_when_not_enforced: [ { header: { key: x-over, value: \"1\" } } ]")
                .replace(
                        "filter_enforced: { default_value: { numerator: 100 } }",
                        "filter_enforced: { default_value: { numerator: 0 } }");
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = start(backend, filter, BY_USER)) {
            assertThat(status(gateway, "ann")).isEqualTo(200);
            assertThat(backend.next().field("x-over")).isNull();
            assertThat(status(gateway, "ann")).isEqualTo(200);
            assertThat(backend.next().field("x-over")).isEqualTo("1");
        }
    }

    @Test
    void eachConnectionMayHaveItsBuckets() {
        String filter = filter(1, "local_rate_limit_per_downstream_connection: true");
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = start(backend, filter, BY_USER);
                Http1Browser one = new Http1Browser(gateway.port());
                Http1Browser other = new Http1Browser(gateway.port())) {
            assertThat(one.ask("GET", "/").status()).isEqualTo(200);
            assertThat(one.ask("GET", "/").status()).isEqualTo(429);
            assertThat(other.ask("GET", "/").status()).isEqualTo(200);
        }
    }
}
