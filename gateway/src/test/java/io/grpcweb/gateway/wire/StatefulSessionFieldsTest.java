package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Http1Backend;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.Subject;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What an Envoy file says of the filter stateful_session. */
@ParameterizedClass
@MethodSource("io.grpcweb.gateway.testing.Subject#all")
record StatefulSessionFieldsTest(Subject subject) {
    private static final String TYPES = "type.googleapis.com/envoy.extensions.";
    private static final String FILTER = TYPES + "filters.http.stateful_session.v3.StatefulSession";
    private static final String COOKIE = "session_state: { name: c, typed_config: { \"@type\": " + TYPES
            + "http.stateful_session.cookie.v3.CookieBasedSessionState, cookie: { name: at%s } } }";
    private static final String FIELD = "session_state: { name: h, typed_config: { \"@type\": " + TYPES
            + "http.stateful_session.header.v3.HeaderBasedSessionState, name: X-At } }";

    private Subject.Running start(Http1Backend one, Http1Backend two, String settings, String routes) {
        return subject.start(new EnvoyFile(one.port(), two.port())
                .http1()
                .with("FILTERS", "- name: sticky\n  typed_config: { \"@type\": " + FILTER + ", " + settings + " }\n")
                .with("ROUTES", routes + "- match: { prefix: / }\n  route: { cluster: backend }\n"));
    }

    private static Http1Backend backend(String name) {
        return new Http1Backend(request -> "HTTP/1.1 200 OK\r\ncontent-length: " + name.length() + "\r\n\r\n" + name);
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static String field(int port) {
        return base64(("127.0.0.1:" + port).getBytes(StandardCharsets.US_ASCII));
    }

    /** The message of a cookie: field 1 with the address, and field 2 with the second of its end where there is one. */
    private static String cookie(int port, long end) {
        byte[] address = ("127.0.0.1:" + port).getBytes(StandardCharsets.US_ASCII);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(0x0a);
        out.write(address.length);
        out.writeBytes(address);
        if (end > 0) {
            out.write(0x10);
            for (long rest = end; ; rest >>>= 7) {
                out.write((int) (rest > 0x7f ? rest & 0x7f | 0x80 : rest));
                if (rest <= 0x7f) {
                    break;
                }
            }
        }
        return base64(out.toByteArray());
    }

    @Test
    void aCookieBringsTheClientBackToItsEndpoint() {
        try (Http1Backend one = backend("one");
                Http1Backend two = backend("two");
                Subject.Running gateway = start(one, two, COOKIE.formatted("") + ", stat_prefix: s", "")) {
            Answer first = Http1Browser.once(gateway.port(), "GET", "/");
            boolean atOne = first.text().equals("one");
            assertThat(first.header("set-cookie"))
                    .isEqualTo("at=\"" + cookie(atOne ? one.port() : two.port(), 0) + "\"; HttpOnly");
            for (int i = 0; i < 3; i++) {
                Answer next = Http1Browser.once(
                        gateway.port(), "GET", "/", "cookie", "a=b; at=\"" + cookie(two.port(), 0) + "\"");
                assertThat(next.text()).isEqualTo("two");
                assertThat(next.header("set-cookie")).isNull();
            }
            assertThat(gateway.page("/stats?filter=stateful_session").lines())
                    .contains(
                            "http.edge.stateful_session.s.routed: 3",
                            "http.edge.stateful_session.s.failed_open: 1",
                            "http.edge.stateful_session.s.failed_closed: 0",
                            "http.edge.stateful_session.s.no_session: 0");
        }
    }

    @Test
    void aCookieHasAnEndAPathAndAttributes() {
        String more = ", ttl: 120s, path: /a, attributes: [ { name: SameSite, value: None }, { name: Secure } ]";
        try (Http1Backend one = backend("one");
                Http1Backend two = backend("two");
                Subject.Running gateway = start(one, two, COOKIE.formatted(more) + ", stat_prefix: s", "")) {
            assertThat(Http1Browser.once(gateway.port(), "GET", "/a/b").header("set-cookie"))
                    .matches("at=\"[A-Za-z0-9+/=]{28,}\"; Max-Age=120; Path=/a; SameSite=None; Secure; HttpOnly");
            assertThat(Http1Browser.once(gateway.port(), "GET", "/a?b").header("set-cookie"))
                    .isNotNull();
            assertThat(Http1Browser.once(gateway.port(), "GET", "/ab").header("set-cookie"))
                    .isNull();
            assertThat(gateway.page("/stats?filter=stateful_session").lines())
                    .contains("http.edge.stateful_session.s.no_session: 1");
        }
    }

    @ParameterizedTest
    @CsvSource({"old, false", "new, true", "text, true", "unknown, false", "garbage, false"})
    void onlyAnEndpointOfTheClusterCounts(String kind, boolean kept) {
        long now = System.currentTimeMillis() / 1000;
        try (Http1Backend one = backend("one");
                Http1Backend two = backend("two");
                Subject.Running gateway = start(one, two, COOKIE.formatted(", ttl: 120s"), "")) {
            String value =
                    switch (kind) {
                        case "old" -> cookie(two.port(), now - 10);
                        case "new" -> cookie(two.port(), now + 100);
                        case "text" -> field(two.port());
                        case "unknown" -> cookie(1, now + 100);
                        default -> "*";
                    };
            int atTwo = 0;
            for (int i = 0; i < 2; i++) {
                Answer answer = Http1Browser.once(gateway.port(), "GET", "/", "cookie", "at=" + value);
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.header("set-cookie") == null).isEqualTo(kept);
                atTwo += answer.text().equals("two") ? 1 : 0;
            }
            assertThat(atTwo).isEqualTo(kept ? 2 : 1);
        }
    }

    @Test
    void aFieldDoesTheSame() {
        try (Http1Backend one = backend("one");
                Http1Backend two = backend("two");
                Subject.Running gateway = start(one, two, FIELD, "")) {
            Answer first = Http1Browser.once(gateway.port(), "GET", "/");
            assertThat(first.header("x-at")).isIn(field(one.port()), field(two.port()));
            for (int i = 0; i < 2; i++) {
                assertThat(Http1Browser.once(gateway.port(), "GET", "/", "x-at", field(one.port()))
                                .header("x-at"))
                        .isNull();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"'', 503", "', status_on_strict_destination_not_found: 421', 421"})
    void aStrictSessionFailsWithItsEndpoint(String more, int status) {
        try (Http1Backend one = backend("one");
                Http1Backend two = backend("two");
                Subject.Running gateway = start(one, two, FIELD + ", strict: true, stat_prefix: s" + more, "")) {
            Answer answer = Http1Browser.once(gateway.port(), "GET", "/", "x-at", field(1));
            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.text()).isEqualTo("no healthy upstream");
            assertThat(Http1Browser.once(gateway.port(), "GET", "/", "x-at", field(two.port()))
                            .status())
                    .isEqualTo(200);
            assertThat(gateway.page("/stats?filter=stateful_session").lines())
                    .contains(
                            "http.edge.stateful_session.s.failed_closed: 1", "http.edge.stateful_session.s.routed: 1");
        }
    }

    @Test
    void aRouteMayHaveNoneOrAnotherOne() {
        String routes = """
                - match: { prefix: /off }
                  route: { cluster: backend }
                  typed_per_filter_config: { sticky: { "@type": %sPerRoute, disabled: true } }
                - match: { prefix: /field }
                  route: { cluster: backend }
                  typed_per_filter_config: { sticky: { "@type": %sPerRoute, stateful_session: { %s } } }
                """.formatted(FILTER, FILTER, FIELD);
        try (Http1Backend one = backend("one");
                Http1Backend two = backend("two");
                Subject.Running gateway = start(one, two, COOKIE.formatted(""), routes)) {
            assertThat(Http1Browser.once(gateway.port(), "GET", "/off").header("set-cookie"))
                    .isNull();
            Answer other = Http1Browser.once(gateway.port(), "GET", "/field");
            assertThat(other.header("set-cookie")).isNull();
            assertThat(other.header("x-at")).isNotNull();
        }
    }
}
