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

/** What an Envoy file says of redirects of backends that are followed by the gateway. */
@ParameterizedClass
@MethodSource("io.grpcweb.gateway.testing.Subject#all")
record InternalRedirectFieldsTest(Subject subject) {
    private static final String ROUTES = """
            - match: { prefix: /target }
              route: { cluster: other, %1$s }
              request_headers_to_add: [ { header: { key: x-target, value: "yes" } } ]
            - match: { prefix: /from }
              route: { cluster: backend, %1$s }
            """;

    private static String redirect(int status, String location) {
        return "HTTP/1.1 " + status + " Moved\r\nlocation: " + location
                + "\r\nx-copied: from-the-response\r\ncontent-length: 0\r\n\r\n";
    }

    /** The response to a request, the backend's being a redirect, and what the cluster behind it saw of it, if anything. */
    private Answer answer(String policy, int status, String location, String[] seen) {
        try (Http1Backend backend = new Http1Backend(request -> redirect(status, location));
                Http1Backend other = new Http1Backend(request -> request.path().startsWith("/target/again")
                        ? redirect(302, "http://other.test/target")
                        : Http1Backend.OK);
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                        .http1()
                        .with("ROUTES", ROUTES.formatted(policy))
                        .cluster("other", other.port(), ""))) {
            Answer answer = Http1Browser.once(
                    gateway.port(),
                    "POST",
                    "/from?a=b",
                    "host",
                    "gateway.test",
                    "content-length",
                    "0",
                    "x-copied",
                    "old");
            if (other.wasAsked()) {
                Http1Backend.Request last = other.next();
                seen[0] = last.line().replace(" HTTP/1.1", "") + " " + last.field("host") + " " + last.field("x-target")
                        + " " + last.field("x-envoy-original-url") + " " + last.field("x-copied");
            }
            String counted = gateway.page("/stats?filter=upstream_internal_redirect");
            seen[1] = "%s %s".formatted(count(counted, "succeeded"), count(counted, "failed"));
            return answer;
        }
    }

    private static long count(String stats, String outcome) {
        return stats.lines()
                .filter(line -> line.contains("upstream_internal_redirect_" + outcome + "_total: "))
                .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(": ") + 2)))
                .sum();
    }

    @Test
    void aRedirectIsFollowedWithTheSettingsOfItsRoute() {
        for (String policy : new String[] {
            "internal_redirect_policy: {}",
            "internal_redirect_action: HANDLE_INTERNAL_REDIRECT, max_internal_redirects: 1"
        }) {
            String[] seen = new String[2];
            Answer answer = answer(policy, 302, "http://other.test:81/target?c=d", seen);
            assertThat(answer.status()).as(policy).isEqualTo(200);
            assertThat(seen)
                    .as(policy)
                    .containsExactly("POST /target?c=d other.test:81 yes http://gateway.test/from?a=b old", "1 0");
        }
    }

    @Test
    void otherRedirectsGoToTheClient() {
        String[] seen = new String[2];
        assertThat(answer("timeout: 0s", 302, "http://other.test/target", seen).status())
                .isEqualTo(302);
        assertThat(seen).containsExactly(null, "0 0");
        String policy = "internal_redirect_policy: { redirect_response_codes: [ 303, 307 ] }";
        assertThat(answer(policy, 302, "http://other.test/target", seen).status())
                .isEqualTo(302);
        assertThat(seen).containsExactly(null, "0 0");
        for (String location :
                new String[] {"/target", "https://other.test/target", "http://other.test/nowhere", "ftp://a.test/target"
                }) {
            Answer answer = answer("internal_redirect_policy: {}", 302, location, seen);
            assertThat(answer.status() + " " + answer.header("location")).isEqualTo("302 " + location);
            assertThat(seen).as(location).containsExactly(null, "0 1");
        }
    }

    @Test
    void whatIsSeenElsewhereIsGotThere() {
        String[] seen = new String[2];
        String policy = "internal_redirect_policy: { redirect_response_codes: [ 303 ],"
                + " response_headers_to_copy: [ X-Copied ] }";
        assertThat(answer(policy, 303, "http://other.test/target", seen).status())
                .isEqualTo(200);
        assertThat(seen)
                .containsExactly("GET /target other.test yes http://gateway.test/from?a=b from-the-response", "1 0");
    }

    @Test
    void theSchemeMayChangeWhereTheFileSaysSo() {
        String[] seen = new String[2];
        String policy = "internal_redirect_policy: { allow_cross_scheme_redirect: true }";
        assertThat(answer(policy, 302, "https://other.test/target", seen).status())
                .isEqualTo(200);
    }

    @Test
    void soManyRedirectsAreFollowed() {
        String[] seen = new String[2];
        assertThat(answer("internal_redirect_policy: {}", 302, "http://other.test/target/again", seen)
                        .status())
                .isEqualTo(302);
        assertThat(seen[1]).isEqualTo("1 1");
        assertThat(answer(
                                "internal_redirect_policy: { max_internal_redirects: 2 }",
                                302,
                                "http://other.test/target/again",
                                seen)
                        .status())
                .isEqualTo(200);
        assertThat(seen[1]).isEqualTo("2 0");
    }
}
