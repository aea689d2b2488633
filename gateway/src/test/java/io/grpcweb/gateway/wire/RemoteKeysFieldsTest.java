package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Http1Backend;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.Subject;
import io.grpcweb.gateway.testing.Tokens;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What an Envoy file says of the keys that jwt_authn fetches from a server. */
@ParameterizedClass
@MethodSource("io.grpcweb.gateway.testing.Subject#all")
record RemoteKeysFieldsTest(Subject subject) {
    private static final Tokens TOKENS = new Tokens();
    private static final String KEYS = TOKENS.keys("RS256");

    private static String answer(String status, String body) {
        return "HTTP/1.1 " + status + "\r\ncontent-length: " + body.length() + "\r\n\r\n" + body;
    }

    private Subject.Running start(Http1Backend backend, Http1Backend keys, String remote) {
        return subject.start(new EnvoyFile(backend.port())
                .http1()
                .cluster("keys", keys.port(), "")
                .with("FILTERS", """
                        - name: jwt
                          typed_config:
                            "@type": type.googleapis.com/envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication
                            providers:
                              main:
                                issuer: https://issuer.example
                                remote_jwks: { http_uri: { uri: "http://keys.example/set?v=1", cluster: keys, timeout: 5s }, %s }
                            rules: [ { match: { prefix: / }, requires: { provider_name: main } } ]
                        """.formatted(remote)));
    }

    private static Answer ask(Subject.Running gateway) {
        return Http1Browser.once(gateway.port(), "GET", "/", "authorization", "Bearer " + TOKENS.good());
    }

    @Test
    void theyAreFetchedOnceAndKept() {
        List<String> asked = new CopyOnWriteArrayList<>();
        try (Http1Backend backend = new Http1Backend();
                Http1Backend keys = new Http1Backend(request -> {
                    asked.add(request.path() + " " + request.field("host"));
                    return answer("200 OK", KEYS);
                });
                Subject.Running gateway = start(backend, keys, "cache_duration: 300s")) {
            assertThat(ask(gateway).status()).isEqualTo(200);
            assertThat(ask(gateway).status()).isEqualTo(200);
            assertThat(asked).containsExactly("/set?v=1 keys.example");
            assertThat(gateway.page("/stats")).contains("http.edge.jwt_authn.jwks_fetch_success: 1");
        }
    }

    @Test
    void aServerThatFailsIsAskedAgainAsOftenAsTheFileSays() {
        List<String> asked = new CopyOnWriteArrayList<>();
        try (Http1Backend backend = new Http1Backend();
                Http1Backend keys = new Http1Backend(request -> {
                    asked.add(request.path());
                    return asked.size() < 3 ? answer("503 No", "") : answer("200 OK", KEYS);
                });
                Subject.Running gateway = start(
                        backend,
                        keys,
                        "retry_policy: { num_retries: 2, retry_back_off: { base_interval: 0.001s, max_interval: 0.002s } }")) {
            assertThat(ask(gateway).status()).isEqualTo(200);
            assertThat(asked).hasSize(3);
        }
    }

    @Test
    void theyAreThereBeforeThePortOpens() {
        List<String> asked = new CopyOnWriteArrayList<>();
        try (Http1Backend backend = new Http1Backend();
                Http1Backend keys = new Http1Backend(request -> {
                    asked.add(request.path());
                    return asked.size() == 1 ? answer("503 No", "") : answer("200 OK", KEYS);
                });
                Subject.Running gateway =
                        start(backend, keys, "async_fetch: { fast_listener: false, failed_refetch_duration: 0.05s }")) {
            await().until(() -> asked.size() == 2);
            await().until(() -> gateway.page("/stats").contains("jwt_authn.jwks_fetch_success: 1"));
            assertThat(ask(gateway).status()).isEqualTo(200);
            assertThat(asked).hasSize(2);
        }
    }
}
