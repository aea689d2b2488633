package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpcweb.gateway.runtime.RunningGateway;
import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.BackendCall;
import io.grpcweb.gateway.testing.Browser;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.Http2Browser;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Setup;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Filters that only the gateway's own format has, and what it does about calls of foreign pages. */
final class OwnFiltersTest {
    private static final String PATH = "/wire.Service/Call";
    private static final String[] WEB = {"content-type", "application/grpc-web+proto"};

    private static RunningGateway gateway(ScriptedBackend backend, String listener) {
        return RunningGateway.of(Setup.parse("""
                listeners.main { listen = "127.0.0.1:0", access-log = [], %s }
                clusters.backend { endpoints = ["127.0.0.1:%d"] }
                """.formatted(listener, backend.port())));
    }

    private static ScriptedBackend answering(Queue<BackendCall> calls) {
        return new ScriptedBackend().on(PATH, seen -> {
            calls.add(seen);
            seen.awaitEnd();
            seen.head().data(Frames.F3).trailers("grpc-status", "0");
        });
    }

    @Test
    void soManyCallsOfARouteMayBeInFlight() throws Exception {
        String listener = "filters = [cors, grpc-web, { type = call-limit, most = 2 }, router],"
                + " routes = [{ prefix = \"/wire.\", cluster = backend }]";
        Queue<BackendCall> held = new ConcurrentLinkedQueue<>();
        try (ScriptedBackend backend = new ScriptedBackend().on(PATH, held::add);
                RunningGateway gateway = gateway(backend, listener);
                Http2Browser browser = new Http2Browser(gateway.port())) {
            Http2Browser.Call one = browser.call(PATH, WEB);
            await().until(() -> held.size() == 1);
            Http2Browser.Call two = browser.call(PATH, WEB);
            await().until(() -> held.size() == 2);

            Answer refused = browser.call(PATH, WEB).answer();
            assertThat(refused.grpcStatus()).isEqualTo("8");
            assertThat(refused.text()).contains("too many calls at a time");

            // A place is free when a call is over, however it ends.
            one.cancel();
            held.remove().awaitReset();
            held.remove().head().trailers("grpc-status", "0");
            assertThat(two.answer().grpcStatus()).isEqualTo("0");
            browser.call(PATH, WEB);
            browser.call(PATH, WEB);
            await().until(() -> held.size() == 2);
            assertThat(gateway.stat("http.main.call_limit.call-limit.allowed")).isEqualTo(4);
            assertThat(gateway.stat("http.main.call_limit.call-limit.refused")).isEqualTo(1);
        }
    }

    @Test
    void onlyListedMetadataGoesUp() throws Exception {
        String listener = "filters = [cors, grpc-web, { type = metadata-allow-list, fields = [authorization, { prefix ="
                + " \"x-app-\" }] }, router], routes = [{ cluster = backend }]";
        Queue<BackendCall> seen = new ConcurrentLinkedQueue<>();
        try (ScriptedBackend backend = answering(seen);
                RunningGateway gateway = gateway(backend, listener);
                Browser browser = Browser.connect(2, gateway.port())) {
            browser.post(
                    PATH,
                    Frames.F3,
                    "content-type",
                    "application/grpc-web+proto",
                    "authorization",
                    "Bearer a",
                    "x-app-id",
                    "7",
                    "x-other",
                    "1",
                    "cookie",
                    "a=b",
                    "grpc-timeout",
                    "9S",
                    "user-agent",
                    "page");
            BackendCall call = seen.remove();
            assertThat(call.header("authorization")).isEqualTo("Bearer a");
            assertThat(call.header("x-app-id")).isEqualTo("7");
            assertThat(call.header("user-agent")).isEqualTo("page");
            assertThat(call.header("content-type")).isEqualTo("application/grpc");
            assertThat(call.header("grpc-timeout")).isNotNull();
            assertThat(call.header("x-other")).isNull();
            assertThat(call.header("cookie")).isNull();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "https://app.example, '', 0",
        "https://other.example, '', 7",
        "null, '', 7",
        "http://gw.example, '', 0",
        "https://gw.example:443, '', 0",
        "https://gw.example:444, '', 7",
        "https://other.example, ', refuse-foreign-origins = false', 0"
    })
    void aCallOfAForeignPageDoesNotReachABackend(String origin, String more, String status) throws Exception {
        String listener =
                "cors { origins = [\"https://app.example\"]%s }, routes = [{ cluster = backend }]".formatted(more);
        Queue<BackendCall> seen = new ConcurrentLinkedQueue<>();
        try (ScriptedBackend backend = answering(seen);
                RunningGateway gateway = gateway(backend, listener);
                Browser browser = Browser.connect(2, gateway.port())) {
            Answer answer = browser.post(
                    PATH,
                    Frames.F3,
                    ":authority",
                    "gw.example",
                    "content-type",
                    "application/grpc-web+proto",
                    "origin",
                    origin);
            assertThat(answer.grpcStatus()).isEqualTo(status);
            assertThat(seen).hasSize(status.equals("0") ? 1 : 0);
            if (status.equals("7")) {
                assertThat(answer.text()).contains("the origin of this page is not allowed to call");
                assertThat(answer.header("access-control-allow-origin")).isNull();
            }
        }
    }
}
