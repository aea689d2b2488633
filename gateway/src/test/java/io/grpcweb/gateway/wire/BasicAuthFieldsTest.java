package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Http1Backend;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.RefusedCall;
import io.grpcweb.gateway.testing.Subject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What an Envoy file says of the filter basic_auth. The password of everybody is "test". */
@ParameterizedClass
@MethodSource("io.grpcweb.gateway.testing.Subject#all")
record BasicAuthFieldsTest(Subject subject) {
    private static final String TYPE = "type.googleapis.com/envoy.extensions.filters.http.basic_auth.v3.";
    private static final String HASH = "{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=";
    private static final String USERS = "users: { inline_string: \"ann:" + HASH + "\\n\\nbob:" + HASH + "\" }";
    private static final String FAILED = "User authentication failed. ";

    private static String filter(String settings) {
        return "- name: basic\n  typed_config: { \"@type\": " + TYPE + "BasicAuth, " + settings + " }\n";
    }

    private Subject.Running start(Http1Backend backend, String settings, String... more) {
        EnvoyFile file = new EnvoyFile(backend.port()).http1().with("FILTERS", filter(settings));
        for (int i = 0; i < more.length; i += 2) {
            file.with(more[i], more[i + 1]);
        }
        return subject.start(file);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "Basic YW5uOnRlc3Q= | 200 | ",
                "Basic YW5uOnRlc3Q | 200 | ",
                "Basic Ym9iOnRlc3Q= | 200 | ",
                "Basic YW5uOndyb25n | 401 | Invalid username/password combination.",
                "Basic ZXZlOnRlc3Q= | 401 | Invalid username/password combination.",
                "Basic YW5u | 401 | Invalid basic credential format.",
                "Basic !!!! | 401 | Invalid basic credential format.",
                "Basic  YW5uOnRlc3Q= | 401 | Invalid basic credential format.",
                "Basic YW5uOnRlc3R= | 401 | Invalid basic credential format.",
                "basic YW5uOnRlc3Q= | 401 | Expected 'Basic' authentication scheme.",
                "Bearer x | 401 | Expected 'Basic' authentication scheme.",
                " | 401 | Missing username and password."
            })
    void aUserWithItsPasswordPasses(String credentials, int status, String message) {
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = start(backend, USERS)) {
            String[] fields = credentials == null ? new String[0] : new String[] {"authorization", credentials};
            Answer answer = Http1Browser.once(gateway.port(), "GET", "/x?q=1", fields);
            assertThat(answer.status()).isEqualTo(status);
            if (status == 401) {
                assertThat(answer.text()).isEqualTo(FAILED + message);
                assertThat(answer.header("www-authenticate")).isEqualTo("Basic realm=\"http://gateway.test/x?q=1\"");
            }
        }
    }

    @Test
    void theBackendIsToldWhoCalls() {
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway =
                        start(backend, USERS + ", forward_username_header: X-User, authentication_header: x-cred")) {
            Http1Browser.once(gateway.port(), "GET", "/", "x-cred", "Basic YW5uOnRlc3Q=", "x-user", "eve");
            assertThat(backend.next().field("x-user")).isEqualTo("ann");
            assertThat(Http1Browser.once(gateway.port(), "GET", "/", "authorization", "Basic YW5uOnRlc3Q=")
                            .status())
                    .isEqualTo(401);
            assertThat(gateway.page("/stats?filter=basic_auth").lines())
                    .contains("http.edge.basic_auth.allowed: 1", "http.edge.basic_auth.denied: 1");
        }
    }

    @Test
    void whoShowsNothingMayPassAndTheNameIsTold() {
        String state = "- name: change\n  typed_config: { \"@type\":"
                + " type.googleapis.com/envoy.extensions.filters.http.header_mutation.v3.HeaderMutation, mutations: {"
                + " request_mutations: [ { append: { header: { key: x-name, value:"
                + " \"%DYNAMIC_METADATA(basic:username)%\" } } } ] } }\n";
        String settings = USERS + ", allow_missing: true, emit_dynamic_metadata: true, realm: 'the \"house\"'";
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = subject.start(
                        new EnvoyFile(backend.port()).http1().with("FILTERS", filter(settings) + state))) {
            assertThat(Http1Browser.once(gateway.port(), "GET", "/").status()).isEqualTo(200);
            assertThat(backend.next().field("x-name")).isNull();
            Http1Browser.once(gateway.port(), "GET", "/", "authorization", "Basic YW5uOnRlc3Q=");
            assertThat(backend.next().field("x-name")).isEqualTo("ann");
            Answer refused = Http1Browser.once(gateway.port(), "GET", "/", "authorization", "Bearer x");
            assertThat(refused.header("www-authenticate")).isEqualTo("Basic realm=\"the \\\"house\\\"\"");
        }
    }

    @Test
    void aRouteHasUsersOfItsOwn() {
        String own = "- match: { prefix: /own }\n  route: { cluster: backend }\n  typed_per_filter_config: { basic: {"
                + " \"@type\": " + TYPE + "BasicAuthPerRoute, realm: own, users: { inline_string: \"eve:" + HASH
                + "\" } } }\n";
        String rest = "- match: { prefix: / }\n  route: { cluster: backend }\n";
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = start(backend, USERS, "ROUTES", own + rest)) {
            assertThat(Http1Browser.once(gateway.port(), "GET", "/own", "authorization", "Basic ZXZlOnRlc3Q=")
                            .status())
                    .isEqualTo(200);
            Answer refused = Http1Browser.once(gateway.port(), "GET", "/own", "authorization", "Basic YW5uOnRlc3Q=");
            assertThat(refused.status()).isEqualTo(401);
            assertThat(refused.header("www-authenticate")).isEqualTo("Basic realm=\"own\"");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1, application/grpc-web+proto, 401",
        "2, application/grpc-web+proto, 401",
        "2, application/grpc-web-text+proto, 401",
        "2, application/grpc, 200"
    })
    void aCallIsRefusedInItsForm(int http, String type, int status) {
        new RefusedCall(subject, filter(USERS), "16", FAILED + "Missing username and password.")
                .expect(http, type, status);
    }
}
