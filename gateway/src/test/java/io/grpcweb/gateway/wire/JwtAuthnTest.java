package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.runtime.RunningGateway;
import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.Browser;
import io.grpcweb.gateway.testing.BrowserCall;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.Gate;
import io.grpcweb.gateway.testing.Http1Backend;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Setup;
import io.grpcweb.gateway.testing.Tokens;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Calls in all forms under jwt-authn, in the gateway's own format. */
class JwtAuthnTest {
    private static final String PATH = "/wire.Service/Call";
    private static final Tokens TOKENS = new Tokens();

    private final ScriptedBackend backend = new ScriptedBackend().on(PATH, seen -> {
        seen.awaitEnd();
        seen.head("content-type", "application/grpc").data(Frames.F3).trailers("grpc-status", "0");
    });
    private RunningGateway gateway;

    private void start(String errors, String keys, String clusters) {
        gateway = RunningGateway.of(Setup.parse("""
                error-format = %s
                listeners.main {
                  listen = "127.0.0.1:0", access-log = []
                  cors { origins = ["https://app.example"] }
                  filters = ["cors", "grpc-web", {
                    type = jwt-authn
                    providers.main { issuer = "https://issuer.example", keys { %s } }
                    rules = [{ prefix = "/", requires { provider = main } }]
                  }, "router"]
                  routes = [{ prefix = "/", cluster = backend }]
                }
                clusters.backend { endpoints = ["127.0.0.1:%d"] }
                %s
                """.formatted(errors, keys, backend.port(), clusters)));
    }

    private static String local() {
        return "json = \"\"\"" + TOKENS.keys("RS256") + "\"\"\"";
    }

    @AfterEach
    void stop() {
        if (gateway != null) {
            gateway.close();
        }
        backend.close();
    }

    private static String[] fields(String type, String token) {
        String bearer = "Bearer " + token;
        return token.isEmpty()
                ? new String[] {"content-type", type, "accept", type, "origin", "https://app.example", "te", "trailers"}
                : new String[] {"content-type", type, "accept", type, "te", "trailers", "authorization", bearer};
    }

    private static byte[] body(String type) {
        return type.contains("text") ? Frames.text(Frames.F3) : Frames.F3;
    }

    @ParameterizedTest
    @CsvSource({
        "1, application/grpc-web+proto",
        "2, application/grpc-web+proto",
        "1, application/grpc-web-text+proto",
        "2, application/grpc-web-text+proto",
        "2, application/grpc"
    })
    void aCallWithoutATokenIsRefusedInItsForm(int http, String type) {
        start("envoy", local(), "");
        try (Browser browser = Browser.connect(http, gateway.port())) {
            Answer refused = browser.post(PATH, body(type), fields(type, ""));
            assertThat(refused.status()).isEqualTo(type.equals("application/grpc") ? 200 : 401);
            assertThat(refused.header("content-type")).isEqualTo(type);
            assertThat(refused.header("grpc-status")).isEqualTo("16");
            assertThat(refused.header("grpc-message")).isEqualTo("Jwt is missing");
            assertThat(refused.header("access-control-allow-origin")).isEqualTo("https://app.example");
            assertThat(backend.others()).isEmpty();
        }
        try (Browser browser = Browser.connect(http, gateway.port())) {
            Answer good = browser.post(PATH, body(type), fields(type, TOKENS.good()));
            assertThat(good.status()).isEqualTo(200);
            byte[] whole = type.equals("application/grpc") ? Frames.F3 : Frames.concat(Frames.F3, Frames.T0);
            assertThat(type.contains("text") ? Frames.untext(good.body()) : good.body())
                    .isEqualTo(whole);
        }
    }

    @Test
    void theTrailersFrameTellsItInTheOwnErrorFormat() {
        start("browser", local(), "");
        try (Browser browser = Browser.connect(2, gateway.port())) {
            Answer refused = browser.post(PATH, Frames.F3, fields("application/grpc-web+proto", ""));
            assertThat(refused.status()).isEqualTo(200);
            assertThat(refused.body())
                    .isEqualTo(Frames.trailers(
                            "grpc-status:16", "grpc-message:Jwt is missing (docs/errors.md#jwt_authn_access_denied)"));
        }
    }

    private static void passed(Gate gate) {
        try {
            gate.pass();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aCallWaitsForTheKeysAndAClientThatLeavesIsForgotten() {
        Gate open = new Gate();
        try (Http1Backend keys = new Http1Backend(request -> {
            passed(open);
            String set = TOKENS.keys("RS256");
            return "HTTP/1.1 200 OK\r\ncontent-length: " + set.length() + "\r\n\r\n" + set;
        })) {
            start(
                    "envoy",
                    "uri = \"http://keys.example/set\", cluster = keys, ahead = false, timeout = 20s",
                    "clusters.keys { protocol = http1, endpoints = [\"127.0.0.1:" + keys.port() + "\"] }");
            String type = "application/grpc-web+proto";
            try (Browser staying = Browser.connect(2, gateway.port());
                    Browser leaving = Browser.connect(2, gateway.port())) {
                BrowserCall left = leaving.call(PATH, fields(type, TOKENS.good()));
                keys.next();
                BrowserCall call = staying.call(PATH, fields(type, TOKENS.good()));
                call.send(Frames.F3);
                call.end();
                left.cancel();
                open.open();
                Answer good = call.answer();
                assertThat(good.status()).isEqualTo(200);
                assertThat(good.body()).isEqualTo(Frames.concat(Frames.F3, Frames.T0));
            }
            backend.next();
            assertThat(backend.others()).isEmpty();
        }
    }
}
