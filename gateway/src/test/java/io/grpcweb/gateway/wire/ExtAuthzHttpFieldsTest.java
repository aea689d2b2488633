package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.BackendCall;
import io.grpcweb.gateway.testing.Browser;
import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.Http1Backend;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Subject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What an Envoy file says of the filter ext_authz with a service over HTTP. */
@ParameterizedClass
@MethodSource("io.grpcweb.gateway.testing.Subject#all")
record ExtAuthzHttpFieldsTest(Subject subject) {
    private static final String TYPE = "type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.";
    private static final String PATH = "/wire.Service/Call";
    private static final String URI = "server_uri: { uri: \"http://authz.example/base\", cluster: authz, timeout: 5s }";

    private static EnvoyFile file(ScriptedBackend backend, Http1Backend authz, String fields) {
        return new EnvoyFile(backend.port()).cluster("authz", authz.port(), "").with("BEHIND", """
                        - name: guard
                          typed_config:
                            "@type": %sExtAuthz
                            transport_api_version: V3
                            %s
                        """.formatted(
                        TYPE, fields.strip().replace("\n", "\n    ")));
    }

    private static ScriptedBackend backend() {
        return new ScriptedBackend().on(PATH, call -> {
            call.awaitEnd();
            call.head("x-from", "backend").data(Frames.F3).trailers("grpc-status", "0");
        });
    }

    private static String answer(String status, String body, String... fields) {
        StringBuilder head =
                new StringBuilder("HTTP/1.1 " + status + " Word\r\ncontent-length: " + body.length() + "\r\n");
        Browser.fields(fields).forEach(field -> head.append(field.name())
                .append(": ")
                .append(field.value())
                .append("\r\n"));
        return head + "\r\n" + body;
    }

    private static Answer call(Subject.Running gateway, int version, String... fields) {
        try (Browser browser = Browser.connect(version, gateway.port())) {
            String[] all = new String[fields.length + 2];
            all[0] = "content-type";
            all[1] = "application/grpc-web+proto";
            System.arraycopy(fields, 0, all, 2, fields.length);
            return browser.post(PATH, Frames.F3, all);
        }
    }

    @Test
    void theServiceIsAskedLikeTheBackend() {
        String fields = """
                http_service:
                  %s
                  path_prefix: /check
                  authorization_request:
                    allowed_headers: { patterns: [ { prefix: x-a } ] }
                    headers_to_add: [ { key: x-edge, value: one } ]
                with_request_body: { max_request_bytes: 64 }
                """.formatted(URI);
        for (int version = 1; version <= 2; version++) {
            try (ScriptedBackend backend = backend();
                    Http1Backend authz = new Http1Backend();
                    Subject.Running gateway = subject.start(file(backend, authz, fields))) {
                Answer got = call(
                        gateway, version, "x-a", "1", "x-edge", "theirs", "x-b", "2", "authorization", "Bearer abc");
                assertThat(got.header("x-from")).isEqualTo("backend");
                Http1Backend.Request asked = authz.next();
                assertThat(asked.line()).isEqualTo("POST /check" + PATH + " HTTP/1.1");
                assertThat(asked.field("host")).isEqualTo("gateway.test");
                assertThat(asked.field("x-a")).isEqualTo("1");
                assertThat(asked.field("x-edge")).isEqualTo("one");
                assertThat(asked.field("x-b")).isNull();
                assertThat(asked.field("authorization")).isEqualTo("Bearer abc");
                assertThat(asked.field("x-envoy-auth-partial-body")).isEqualTo("false");
                assertThat(asked.body()).isEqualTo("\0\0\0\0\3\n\1a");
                assertThat(backend.next().awaitEnd()).isEqualTo(Frames.F3);
            }
        }
    }

    @Test
    void thePathMayBeAnother() {
        try (ScriptedBackend backend = backend();
                Http1Backend authz = new Http1Backend();
                Subject.Running gateway =
                        subject.start(file(backend, authz, "http_service: { " + URI + ", path_override: /who }"))) {
            assertThat(call(gateway, 2).header("x-from")).isEqualTo("backend");
            Http1Backend.Request asked = authz.next();
            assertThat(asked.path()).isEqualTo("/who");
            assertThat(asked.field("content-length")).isEqualTo("0");
        }
    }

    @Test
    void fieldsOfAPassGoWhereTheyMay() {
        String fields = """
                http_service:
                  %s
                  authorization_response:
                    allowed_upstream_headers: { patterns: [ { exact: x-user } ] }
                    allowed_upstream_headers_to_append: { patterns: [ { exact: x-more } ] }
                    allowed_client_headers_on_success: { patterns: [ { exact: x-quota } ] }
                    dynamic_metadata_from_headers: { patterns: [ { exact: x-tier } ] }
                """.formatted(URI);
        String pass = answer(
                "200",
                "",
                "x-user",
                "ann",
                "x-more",
                "2",
                "x-quota",
                "9",
                "x-hidden",
                "1",
                "x-tier",
                "gold",
                "x-envoy-auth-headers-to-remove",
                "x-secret, x-other");
        String header = "response_headers_to_add: [ { header: { key: x-meta, value: "
                + "\"%DYNAMIC_METADATA(guard:x-tier)%\" } } ]";
        try (ScriptedBackend backend = backend();
                Http1Backend authz = new Http1Backend(request -> pass);
                Subject.Running gateway =
                        subject.start(file(backend, authz, fields).with("HOST", header))) {
            Answer got = call(gateway, 2, "x-user", "eve", "x-more", "1", "x-secret", "s", "x-other", "o");
            assertThat(got.header("x-quota")).isEqualTo("9");
            assertThat(got.header("x-meta")).isEqualTo("gold");
            BackendCall seen = backend.next();
            assertThat(seen.header("x-user")).isEqualTo("ann");
            assertThat(seen.exchange().head().getAll("x-more"))
                    .extracting(Object::toString)
                    .containsExactly("1", "2");
            assertThat(seen.header("x-hidden")).isNull();
            assertThat(seen.header("x-secret")).isNull();
            assertThat(seen.header("x-other")).isNull();
        }
    }

    @Test
    void aDenialIsTheResponse() {
        String fields = """
                http_service:
                  %s
                  authorization_response: { allowed_client_headers: { patterns: [ { prefix: x-deny } ] } }
                """.formatted(URI);
        String denial =
                answer("401", "log in first", "www-authenticate", "Bearer", "x-deny-why", "late", "x-hidden", "1");
        for (int version = 1; version <= 2; version++) {
            try (ScriptedBackend backend = backend();
                    Http1Backend authz = new Http1Backend(request -> denial);
                    Subject.Running gateway = subject.start(file(backend, authz, fields))) {
                Answer got = call(gateway, version);
                assertThat(got.status()).isEqualTo(401);
                assertThat(got.header("grpc-status")).isEqualTo("16");
                assertThat(got.header("grpc-message")).isEqualTo("log in first");
                assertThat(got.header("www-authenticate")).isEqualTo("Bearer");
                assertThat(got.header("x-deny-why")).isEqualTo("late");
                assertThat(got.header("x-hidden")).isNull();
                assertThat(backend.others()).isEmpty();
            }
        }
    }

    @Test
    void aServiceThatFailsSaysNothing() {
        try (ScriptedBackend backend = backend();
                Http1Backend authz = new Http1Backend(request -> answer("503", "oops"));
                Subject.Running refusing = subject.start(file(backend, authz, "http_service: { " + URI + " }"));
                Subject.Running passing = subject.start(
                        file(backend, authz, "failure_mode_allow: true\nhttp_service: { " + URI + " }"))) {
            assertThat(call(refusing, 2).status()).isEqualTo(403);
            assertThat(backend.others()).isEmpty();
            assertThat(call(passing, 2).header("x-from")).isEqualTo("backend");
        }
    }

    @Test
    void aRouteMayHaveAServiceOfItsOwn() {
        String route = "typed_per_filter_config: { guard: { \"@type\": " + TYPE
                + "ExtAuthzPerRoute, check_settings: { http_service: { "
                + URI.replace("cluster: authz", "cluster: other")
                + " } } } }";
        try (ScriptedBackend backend = backend();
                Http1Backend authz = new Http1Backend();
                Http1Backend other = new Http1Backend();
                Subject.Running gateway = subject.start(file(backend, authz, "http_service: { " + URI + " }")
                        .cluster("other", other.port(), "")
                        .with("HOST", route))) {
            assertThat(call(gateway, 2).header("x-from")).isEqualTo("backend");
            assertThat(other.next().path()).isEqualTo(PATH);
            assertThat(authz.wasAsked()).isFalse();
        }
    }
}
