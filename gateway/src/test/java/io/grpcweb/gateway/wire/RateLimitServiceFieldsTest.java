package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.BackendCall;
import io.grpcweb.gateway.testing.Browser;
import io.grpcweb.gateway.testing.BrowserCall;
import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.ProtoFields;
import io.grpcweb.gateway.testing.Script;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Subject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What an Envoy file says of the filter ratelimit, and of rate_limits. */
@ParameterizedClass
@MethodSource("io.grpcweb.gateway.testing.Subject#all")
record RateLimitServiceFieldsTest(Subject subject) {
    private static final String TYPE = "type.googleapis.com/envoy.extensions.filters.http.ratelimit.v3.";
    private static final String PATH = "/wire.Service/Call";
    private static final String ASK = "/envoy.service.ratelimit.v3.RateLimitService/ShouldRateLimit";
    private static final ProtoFields OK = ProtoFields.of(1, 1);
    private static final String ONE = "[ { actions: [ { generic_key: { descriptor_value: one } } ] } ]";

    private static EnvoyFile file(ScriptedBackend backend, ScriptedBackend service, String fields, String limits) {
        String routes = """
                - match: { prefix: / }
                  route: { cluster: backend, rate_limits: %s }
                """.formatted(limits);
        return bare(backend, service, fields).with("ROUTES", routes);
    }

    private static EnvoyFile bare(ScriptedBackend backend, ScriptedBackend service, String fields) {
        return new EnvoyFile(backend.port())
                .cluster("rls", service.port(), "http2_protocol_options: {}")
                .with("BEHIND", filter("limit", fields));
    }

    private static String filter(String name, String fields) {
        return """
                - name: %s
                  typed_config:
                    "@type": %sRateLimit
                    domain: edge
                    timeout: 5s
                    rate_limit_service:
                      transport_api_version: V3
                      grpc_service: { envoy_grpc: { cluster_name: rls, max_receive_message_length: 4096 } }
                    %s
                """.formatted(name, TYPE, fields.strip().replace("\n", "\n    "));
    }

    private static ScriptedBackend backend() {
        return new ScriptedBackend().on(PATH, call -> {
            call.awaitEnd();
            call.head("x-from", "backend").data(Frames.F3).trailers("grpc-status", "0");
        });
    }

    private static ScriptedBackend service(ProtoFields answer) {
        return service(call -> {
            call.awaitEnd();
            call.head().data(answer.frame()).trailers("grpc-status", "0");
        });
    }

    private static ScriptedBackend service(Script script) {
        return new ScriptedBackend().on(ASK, script);
    }

    private static ProtoFields asked(ScriptedBackend service) {
        return ProtoFields.ofFrame(service.next().awaitEnd());
    }

    /** Each descriptor as {@code key=value} of its entries. */
    private static List<String> descriptors(ProtoFields request) {
        return request.all(2).stream()
                .map(descriptor -> String.join(
                        ",",
                        descriptor.all(1).stream()
                                .map(entry -> entry.text(1) + "=" + entry.text(2))
                                .toList()))
                .toList();
    }

    private static Answer call(Subject.Running gateway, int version, String path, String... fields) {
        try (Browser browser = Browser.connect(version, gateway.port())) {
            String[] all = new String[fields.length + 2];
            all[0] = "content-type";
            all[1] = "application/grpc-web+proto";
            System.arraycopy(fields, 0, all, 2, fields.length);
            return browser.post(path, Frames.F3, all);
        }
    }

    private static void assertPasses(Answer answer) {
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("x-from")).isEqualTo("backend");
    }

    @Test
    void actionsMakeDescriptors() {
        String limits = """
                [ { actions: [ { remote_address: {} }, { masked_remote_address: { v4_prefix_mask_len: 8,
                      v6_prefix_mask_len: 64 } } ] },
                  { actions: [ { request_headers: { header_name: x-user, descriptor_key: user } } ] },
                  { actions: [ { generic_key: { descriptor_key: kind, descriptor_value: all } },
                      { request_headers: { header_name: x-none, descriptor_key: none, skip_if_absent: true } },
                      { query_parameters: { query_parameter_name: q, descriptor_key: query } },
                      { query_parameters: { query_parameter_name: z, descriptor_key: z, skip_if_absent: true } } ] },
                  { actions: [ { request_headers: { header_name: x-none, descriptor_key: none } } ] },
                  { actions: [ { header_value_match: { descriptor_value: big,
                      headers: [ { name: x-size, range_match: { start: 10, end: 20 } } ] } } ] },
                  { actions: [ { header_value_match: { descriptor_key: size, descriptor_value: small, expect_match: false,
                      headers: [ { name: x-size, range_match: { start: 10, end: 20 } } ] } } ] },
                  { actions: [ { query_parameter_value_match: { descriptor_key: qm, descriptor_value: hit,
                      query_parameters: [ { name: q, string_match: { exact: "1" } } ] } } ] },
                  { actions: [ { query_parameter_value_match: { descriptor_value: miss, expect_match: false,
                      query_parameters: [ { name: q, string_match: { exact: "1" } } ] } } ] },
                  { actions: [ { source_cluster: {} }, { destination_cluster: {} } ] },
                  { actions: [ { metadata: { descriptor_key: tier, default_value: none, source: DYNAMIC,
                      metadata_key: { key: own, path: [ { key: tier } ] } } } ] },
                  { actions: [ { generic_key: { descriptor_value: m } }, { metadata: { descriptor_key: tier,
                      skip_if_absent: true, metadata_key: { key: own, path: [ { key: tier } ] } } } ] },
                  { stage: 1, actions: [ { generic_key: { descriptor_value: later } } ] },
                  { disable_key: key, actions: [ { generic_key: { descriptor_value: last } } ] } ]
                """;
        try (ScriptedBackend backend = backend();
                ScriptedBackend service = service(OK);
                Subject.Running gateway = subject.start("node: { id: a, cluster: edges }\n"
                        + file(backend, service, "", limits.replace("\n", "\n    "))
                                .text())) {
            call(gateway, 2, PATH + "?q=1", "x-user", "ann", "x-size", "15");
            ProtoFields request = asked(service);
            assertThat(request.text(1)).isEqualTo("edge");
            assertThat(descriptors(request))
                    .containsExactly(
                            "remote_address=127.0.0.1,masked_remote_address=127.0.0.0/8",
                            "user=ann",
                            "kind=all,query=1",
                            "header_match=big",
                            "qm=hit",
                            "source_cluster=edges,destination_cluster=backend",
                            "tier=none",
                            "generic_key=m",
                            "generic_key=last");
            call(gateway, 2, PATH + "?q=2&z=3", "x-size", "25");
            assertThat(descriptors(asked(service)))
                    .contains("kind=all,query=2,z=3", "size=small", "query_match=miss")
                    .doesNotContain("header_match=big", "qm=hit");
        }
    }

    @Test
    void aLimitMayOverrideThatOfTheService() {
        String limits = "[ { limit: { rate_limit: { requests_per_unit: 9, unit: YEAR } }, " + ONE.substring(4);
        try (ScriptedBackend backend = backend();
                ScriptedBackend service = service(OK);
                Subject.Running gateway = subject.start(file(backend, service, "", limits))) {
            assertPasses(call(gateway, 2, PATH));
            ProtoFields descriptor = asked(service).at(2);
            assertThat(descriptor.at(2).whole(1)).isEqualTo(9);
            assertThat(descriptor.at(2).whole(2)).isEqualTo(6);
        }
    }

    @Test
    void whatAServiceSaysIsMetadataForTheNextFilter() {
        String limits = """
                [ { actions: [ { generic_key: { descriptor_value: one } } ] },
                  { stage: 1, limit: { dynamic_metadata: { metadata_key: { key: own, path: [ { key: limit } ] } } },
                    actions: [ { metadata: { descriptor_key: tier,
                        metadata_key: { key: own, path: [ { key: tier } ] } } } ] } ]
                """;
        ProtoFields limit = ProtoFields.of(
                1, ProtoFields.of(1, "requests_per_unit", 2, ProtoFields.of(2, 7.0)),
                1, ProtoFields.of(1, "unit", 2, ProtoFields.of(3, "HOUR")));
        ProtoFields said = ProtoFields.of(
                1, ProtoFields.of(1, "tier", 2, ProtoFields.of(3, "gold")),
                1, ProtoFields.of(1, "limit", 2, ProtoFields.of(5, limit)));
        try (ScriptedBackend backend = backend();
                ScriptedBackend service = service(ProtoFields.of(1, 1, 6, said))) {
            EnvoyFile file = file(backend, service, "metadata_namespace: own", limits.replace("\n", "\n    "));
            try (Subject.Running gateway = subject.start(file.with("BEHIND", filter("later", "stage: 1")))) {
                assertPasses(call(gateway, 2, PATH));
                assertThat(descriptors(asked(service))).containsExactly("generic_key=one");
                ProtoFields request = asked(service);
                assertThat(descriptors(request)).containsExactly("tier=gold");
                assertThat(request.at(2, 2).whole(1)).isEqualTo(7);
                assertThat(request.at(2, 2).whole(2)).isEqualTo(3);
            }
        }
    }

    @Test
    void aFilterMayHaveLimitsOfItsOwn() {
        String fields = """
                rate_limits: [ { hits_addend: { number: 3, is_negative_hits: true },
                  actions: [ { generic_key: { descriptor_value: own } } ] } ]
                """;
        try (ScriptedBackend backend = backend();
                ScriptedBackend service = service(OK);
                Subject.Running gateway = subject.start(file(backend, service, fields, ONE))) {
            assertPasses(call(gateway, 2, PATH));
            ProtoFields request = asked(service);
            assertThat(descriptors(request)).containsExactly("generic_key=own");
            assertThat(request.at(2, 3).whole(1)).isEqualTo(3);
            assertThat(request.at(2).whole(4)).isEqualTo(1);
        }
    }

    @Test
    void limitsOfVirtualHostsAndRoutesStandBesideEachOther() {
        String route = """
                - match: { prefix: /, headers: [ { name: x-route, string_match: { exact: "%s" } } ] }
                  route: { cluster: backend, %s }
                  typed_per_filter_config: { %s }
                """;
        String per = "limit: { \"@type\": " + TYPE + "RateLimitPerRoute, %s }";
        String own = "rate_limits: [ { actions: [ { generic_key: { descriptor_value: route } } ] } ]";
        String routes = route.formatted("own", own, "")
                + route.formatted("both", own + ", include_vh_rate_limits: true", "")
                + route.formatted("include", own, per.formatted("vh_rate_limits: INCLUDE"))
                + route.formatted("ignore", "timeout: 0s", per.formatted("vh_rate_limits: IGNORE"))
                + route.formatted(
                        "other",
                        own,
                        per.formatted("domain: other, rate_limits: [ { actions: "
                                + "[ { generic_key: { descriptor_value: per } } ] } ]"))
                + route.formatted("none", "timeout: 0s", "");
        try (ScriptedBackend backend = backend();
                ScriptedBackend service = service(OK);
                Subject.Running gateway = subject.start(bare(backend, service, "")
                        .with("HOST", "rate_limits: " + ONE)
                        .with("ROUTES", routes))) {
            assertPasses(call(gateway, 2, PATH, "x-route", "own"));
            assertThat(descriptors(asked(service))).containsExactly("generic_key=route");
            for (String both : new String[] {"both", "include"}) {
                assertPasses(call(gateway, 2, PATH, "x-route", both));
                assertThat(descriptors(asked(service))).containsExactly("generic_key=route", "generic_key=one");
            }
            assertPasses(call(gateway, 2, PATH, "x-route", "ignore"));
            assertThat(service.others()).isEmpty();
            assertPasses(call(gateway, 2, PATH, "x-route", "other"));
            ProtoFields request = asked(service);
            assertThat(request.text(1)).isEqualTo("other");
            assertThat(descriptors(request)).containsExactly("generic_key=per");
            assertPasses(call(gateway, 2, PATH, "x-route", "none"));
            assertThat(descriptors(asked(service))).containsExactly("generic_key=one");
        }
    }

    @Test
    void stagesAndRequestTypesChooseWhatIsCounted() {
        String limits = "[ { stage: 2, " + ONE.substring(4);
        try (ScriptedBackend backend = backend();
                ScriptedBackend service = service(OK);
                Subject.Running staged = subject.start(file(backend, service, "stage: 2", limits));
                Subject.Running inside =
                        subject.start(file(backend, service, "stage: 2\nrequest_type: internal", limits));
                Subject.Running other = subject.start(file(backend, service, "stage: 1", limits));
                Subject.Running none = subject.start(file(
                        backend, service, "stage: 2\nfilter_enabled: { default_value: { numerator: 0 } }", limits))) {
            assertPasses(call(staged, 2, PATH));
            assertThat(descriptors(asked(service))).containsExactly("generic_key=one");
            assertPasses(call(inside, 2, PATH));
            assertPasses(call(other, 2, PATH));
            assertPasses(call(none, 2, PATH));
            assertThat(service.others()).isEmpty();
        }
    }

    @Test
    void overTheLimitACallIsRefused() {
        String fields = """
                enable_x_ratelimit_headers: DRAFT_VERSION_03
                enable_retry_after_header: true
                response_headers_to_add: [ { header: { key: x-limited, value: "%PROTOCOL%" } } ]
                """;
        ProtoFields limit = ProtoFields.of(1, 5, 2, 3, 3, "hourly");
        ProtoFields status = ProtoFields.of(1, 2, 2, limit, 3, 0, 4, ProtoFields.of(1, 600, 2, 1));
        ProtoFields answer = ProtoFields.of(1, 2, 2, status, 3, ProtoFields.of(1, "x-why", 2, "quota"), 5, "slow down");
        for (int version = 1; version <= 2; version++) {
            try (ScriptedBackend backend = backend();
                    ScriptedBackend service = service(answer);
                    Subject.Running gateway = subject.start(file(backend, service, fields, ONE))) {
                Answer got = call(gateway, version, PATH);
                assertThat(got.status()).isEqualTo(429);
                assertThat(got.header("grpc-status")).isEqualTo("14");
                assertThat(got.header("grpc-message")).isEqualTo("slow down");
                assertThat(got.header("x-envoy-ratelimited")).isEqualTo("true");
                assertThat(got.header("x-ratelimit-limit")).isEqualTo("5, 5;w=3600;name=\"hourly\"");
                assertThat(got.header("x-ratelimit-remaining")).isEqualTo("0");
                assertThat(got.header("x-ratelimit-reset")).isEqualTo("600");
                assertThat(got.header("retry-after")).isEqualTo("601");
                assertThat(got.header("x-why")).isEqualTo("quota");
                assertThat(got.header("x-limited")).isEqualTo(version == 1 ? "HTTP/1.1" : "HTTP/2");
                assertThat(backend.others()).isEmpty();
                assertThat(gateway.page("/stats")).contains("cluster.backend.ratelimit.over_limit: 1");
            }
        }
    }

    @Test
    void aRefusalMayLookOtherwise() {
        String fields = """
                rate_limited_as_resource_exhausted: true
                disable_x_envoy_ratelimited_header: true
                rate_limited_status: { code: Forbidden }
                stat_prefix: own
                """;
        try (ScriptedBackend backend = backend();
                ScriptedBackend service = service(ProtoFields.of(1, 2, 5, "no"));
                Subject.Running gateway = subject.start(file(backend, service, fields, ONE));
                Browser browser = Browser.connect(2, gateway.port())) {
            assertThat(call(gateway, 2, PATH).status()).isEqualTo(403);
            Answer got = browser.post(PATH, Frames.F3, "content-type", "application/grpc", "te", "trailers");
            assertThat(got.header("grpc-status")).isEqualTo("8");
            assertThat(got.header("x-envoy-ratelimited")).isNull();
            assertThat(gateway.page("/stats")).contains("cluster.backend.ratelimit.own.over_limit: 2");
        }
    }

    @Test
    void aLimitThatIsNotEnforcedLetsPass() {
        ProtoFields answer = ProtoFields.of(
                1,
                2,
                4,
                ProtoFields.of(1, "x-counted", 2, "1"),
                6,
                ProtoFields.of(1, ProtoFields.of(1, "tier", 2, ProtoFields.of(3, "gold"))));
        String fields = "filter_enforced: { default_value: { numerator: 0 } }\nmetadata_namespace: space";
        String header = "response_headers_to_add: [ { header: { key: x-meta, value: "
                + "\"%DYNAMIC_METADATA(space:tier)%\" } } ]";
        try (ScriptedBackend backend = backend();
                ScriptedBackend service = service(answer);
                Subject.Running gateway =
                        subject.start(file(backend, service, fields, ONE).with("HOST", header))) {
            Answer got = call(gateway, 2, PATH, "x-counted", "0");
            assertPasses(got);
            assertThat(got.header("x-meta")).isEqualTo("gold");
            assertThat(backend.next().exchange().head().getAll("x-counted"))
                    .extracting(Object::toString)
                    .containsExactly("0", "1");
        }
    }

    @Test
    void withoutAnAnswerACallPassesUnlessThatIsNotWanted() {
        List<Script> answers = List.of(
                call -> call.trailersOnly("grpc-status", "14"),
                call -> call.reset(2),
                call -> call.head().data(Frames.hex("00 00000002 ffff")).trailers("grpc-status", "0"),
                call -> call.head().data(Frames.message(new byte[5000])).trailers("grpc-status", "0"));
        for (Script answer : answers) {
            try (ScriptedBackend backend = backend();
                    ScriptedBackend service = service(answer);
                    Subject.Running passing = subject.start(file(backend, service, "", ONE));
                    Subject.Running refusing = subject.start(file(backend, service, "failure_mode_deny: true", ONE));
                    Subject.Running some = subject.start(file(
                            backend,
                            service,
                            "status_on_error: { code: ServiceUnavailable }\n"
                                    + "failure_mode_deny_percent: { default_value: { numerator: 100 } }",
                            ONE))) {
                assertPasses(call(passing, 2, PATH));
                backend.next();
                assertThat(call(refusing, 2, PATH).status()).isEqualTo(500);
                assertThat(call(some, 2, PATH).status()).isEqualTo(503);
                assertThat(backend.others()).isEmpty();
                assertThat(passing.page("/stats")).contains("ratelimit.error: 1", "ratelimit.failure_mode_allowed: 1");
            }
        }
    }

    @Test
    void aServiceThatHangsIsGivenUpAndACancelReachesIt() {
        try (ScriptedBackend backend = backend();
                ScriptedBackend service = service(call -> {});
                Subject.Running quick =
                        subject.start(file(backend, service, "", ONE).text().replace("timeout: 5s", "timeout: 2s"));
                Subject.Running gateway = subject.start(file(backend, service, "", ONE));
                Browser browser = Browser.connect(2, gateway.port())) {
            assertPasses(call(quick, 1, PATH));
            assertThat(service.next().awaitReset()).isGreaterThanOrEqualTo(0);
            BrowserCall call = browser.call(PATH, "content-type", "application/grpc-web+proto");
            BackendCall asked = service.next();
            call.cancel();
            assertThat(asked.awaitReset()).isGreaterThanOrEqualTo(0);
        }
    }
}
