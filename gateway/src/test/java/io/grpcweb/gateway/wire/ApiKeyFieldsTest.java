package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Http1Backend;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.RefusedCall;
import io.grpcweb.gateway.testing.Subject;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What an Envoy file says of the filter api_key_auth. */
@ParameterizedClass
@MethodSource("io.grpcweb.gateway.testing.Subject#all")
record ApiKeyFieldsTest(Subject subject) {
    private static final String TYPE = "type.googleapis.com/envoy.extensions.filters.http.api_key_auth.v3.";
    private static final String KEYS =
            "credentials: [ { key: k1, client: ann }, { key: k2, client: bob } ], key_sources: ["
                    + " { header: X-Api-Key }, { query: key }, { cookie: kc } ]";

    private static String filter(String settings) {
        return "- name: keys\n  typed_config: { \"@type\": " + TYPE + "ApiKeyAuth, " + settings + " }\n";
    }

    private Subject.Running start(Http1Backend backend, String settings, String... more) {
        EnvoyFile file = new EnvoyFile(backend.port()).http1().with("FILTERS", filter(settings));
        for (int i = 0; i < more.length; i += 2) {
            file.with(more[i], more[i + 1]);
        }
        return subject.start(file);
    }

    /** A target, and fields as {@code name=value}. */
    private static Answer ask(Subject.Running gateway, String request) {
        String[] words = request.split(" ; ", -1);
        String[] fields = Arrays.stream(words)
                .skip(1)
                .flatMap(word -> Stream.of(word.split("=", 2)))
                .toArray(String[]::new);
        return Http1Browser.once(gateway.port(), "GET", words[0], fields);
    }

    @ParameterizedTest
    @CsvSource({
        "/ ; x-api-key=k1, 200, ''",
        "/ ; x-api-key=Bearer k1, 200, ''",
        "/ ; x-api-key=k1 ; x-api-key=nope, 200, ''",
        "/?a=b&key=k2, 200, ''",
        "/?key=%6b2, 200, ''",
        "/ ; cookie=a=b; kc=k2, 200, ''",
        "/ ; x-api-key= ; cookie=kc=k2, 200, ''",
        "/ ; x-api-key=nope ; cookie=kc=k2, 401, Client authentication failed.",
        "/ ; x-api-key=bearer k1, 401, Client authentication failed.",
        "/, 401, Client authentication failed.",
        "/ann ; x-api-key=k1, 200, ''",
        "/ann ; x-api-key=k2, 403, Client is forbidden.",
        "/own ; authorization=Bearer k3, 200, ''",
        "/own ; x-api-key=k1, 401, Client authentication failed."
    })
    void aClientIsKnownByItsKey(String request, int status, String message) {
        String ann = "- match: { prefix: /ann }\n  route: { cluster: backend }\n  typed_per_filter_config: { keys: {"
                + " \"@type\": " + TYPE + "ApiKeyAuthPerRoute, allowed_clients: [ ann ] } }\n";
        String own = "- match: { prefix: /own }\n  route: { cluster: backend }\n  typed_per_filter_config: { keys: {"
                + " \"@type\": " + TYPE
                + "ApiKeyAuthPerRoute, credentials: [ { key: k3, client: eve } ], key_sources: [ {"
                + " header: authorization } ] } }\n";
        String rest = "- match: { prefix: / }\n  route: { cluster: backend }\n";
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = start(backend, KEYS, "ROUTES", ann + own + rest)) {
            Answer answer = ask(gateway, request);
            assertThat(answer.status()).isEqualTo(status);
            if (status != 200) {
                assertThat(answer.text()).isEqualTo(message);
            }
            String series = status == 200 ? "allowed" : status == 403 ? "forbidden" : "unauthorized";
            assertThat(gateway.page("/stats?filter=api_key_auth").lines())
                    .contains("http.edge.api_key_auth." + series + ": 1");
        }
    }

    @Test
    void theBackendIsToldTheClientAndNotTheKey() {
        String settings = KEYS + ", forwarding: { header: X-Client, hide_credentials: true }";
        String route = "- match: { prefix: /own }\n  route: { cluster: backend }\n  typed_per_filter_config: { keys: {"
                + " \"@type\": " + TYPE + "ApiKeyAuthPerRoute, forwarding: { header: x-own } } }\n";
        String silent =
                "- match: { prefix: /silent }\n  route: { cluster: backend }\n  typed_per_filter_config: { keys: {"
                        + " \"@type\": " + TYPE + "ApiKeyAuthPerRoute, allowed_clients: [ ann ] } }\n";
        String rest = silent + "- match: { prefix: / }\n  route: { cluster: backend }\n";
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = start(backend, settings, "ROUTES", route + rest)) {
            ask(gateway, "/silent ; x-api-key=k1");
            Http1Backend.Request told = backend.next();
            assertThat(told.field("x-client")).isNull();
            assertThat(told.field("x-api-key")).isEqualTo("k1");
            ask(gateway, "/x?key=k1&a=b ; x-api-key=k1 ; x-client=eve ; cookie=a=b; kc=k2; c=d");
            Http1Backend.Request request = backend.next();
            assertThat(request.path()).isEqualTo("/x?a=b");
            assertThat(request.field("x-client")).isEqualTo("ann");
            assertThat(request.field("x-api-key")).isNull();
            assertThat(request.field("cookie")).isEqualTo("a=b; c=d");
            ask(gateway, "/own ; x-api-key=k2");
            request = backend.next();
            assertThat(request.field("x-own")).isEqualTo("bob");
            assertThat(request.field("x-api-key")).isEqualTo("k2");
        }
    }

    @Test
    void withoutKeysOrPlacesNobodyPasses() {
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = start(backend, "key_sources: [ { header: x-api-key } ]")) {
            assertThat(ask(gateway, "/ ; x-api-key=").status()).isEqualTo(401);
        }
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = start(backend, "credentials: [ { key: k1, client: ann } ]")) {
            assertThat(ask(gateway, "/ ; x-api-key=k1").status()).isEqualTo(401);
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
        new RefusedCall(subject, filter(KEYS), "16", "Client authentication failed.").expect(http, type, status);
    }
}
