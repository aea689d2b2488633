package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.runtime.RunningGateway;
import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.BackendCall;
import io.grpcweb.gateway.testing.Browser;
import io.grpcweb.gateway.testing.BrowserCall;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Setup;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The Connect protocol in front of a gRPC backend, where the gateway's own format says {@code connect}. */
class ConnectTest {
    private static final String PATH = "/wire.Service/Call";
    private static final byte[] MESSAGE = Frames.hex("0a0161");
    private static final byte[] LONGER = Frames.hex("0a026162");
    private static final String[] UNARY = {"content-type", "application/proto", "connect-protocol-version", "1"};
    private static final String[] STREAM = {"content-type", "application/connect+proto"};

    /** google.rpc.Status of code 5 and "no such thing", whose one detail is a google.rpc.RetryInfo of one second. */
    private static final String DETAILS =
            "CAUSDW5vIHN1Y2ggdGhpbmcaMAoodHlwZS5nb29nbGVhcGlzLmNvbS9nb29nbGUucnBjLlJldHJ5SW5mbxIECgIIAQ";

    private final ScriptedBackend backend = new ScriptedBackend();
    private RunningGateway gateway;

    private RunningGateway start(String connect) {
        return start(connect, "");
    }

    private RunningGateway start(String connect, String listener) {
        gateway = RunningGateway.of(Setup.parse("""
                listeners.main {
                  listen = "127.0.0.1:0", access-log = []
                  connect %s
                  cors.origins = ["https://app.example"]
                  %s
                }
                clusters.backend { endpoints = ["127.0.0.1:%d"] }
                """.formatted(connect, listener, backend.port())));
        return gateway;
    }

    @AfterEach
    void stop() {
        if (gateway != null) {
            gateway.close();
        }
        backend.close();
    }

    private Answer post(int http, byte[] body, String... fields) {
        try (Browser browser = Browser.connect(http, gateway.port())) {
            return browser.post(PATH, body, fields);
        }
    }

    private Answer get(String query) {
        return Http1Browser.once(gateway.port(), "GET", PATH + query);
    }

    private static String[] with(String[] fields, String... more) {
        String[] all = java.util.Arrays.copyOf(fields, fields.length + more.length);
        System.arraycopy(more, 0, all, fields.length, more.length);
        return all;
    }

    private static byte[] endOfStream(String json) {
        return Frames.frame(2, json.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aUnaryCallAndItsMetadata(int http) {
        start("= on");
        backend.on(PATH, seen -> {
            assertThat(seen.awaitEnd()).isEqualTo(Frames.F3);
            seen.head("x-head", "1", "x-head-bin", "AAE").data(Frames.F4);
            seen.trailers("grpc-status", "0", "x-late", "2", "x-late-bin", "AQ");
        });
        Answer answer = post(
                http,
                MESSAGE,
                with(
                        UNARY,
                        "x-a",
                        "1",
                        "x-a-bin",
                        "AAE",
                        "connect-timeout-ms",
                        "25000",
                        "accept-encoding",
                        "gzip;q=1, br;q=0"));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("content-type")).isEqualTo("application/proto");
        assertThat(answer.header("content-length")).isEqualTo("4");
        assertThat(answer.header("x-head")).isEqualTo("1");
        assertThat(answer.header("x-head-bin")).isEqualTo("AAE");
        assertThat(answer.header("trailer-x-late")).isEqualTo("2");
        assertThat(answer.header("trailer-x-late-bin")).isEqualTo("AQ");
        assertThat(answer.header("trailer-grpc-status")).isNull();
        assertThat(answer.body()).isEqualTo(LONGER);
        BackendCall call = backend.next();
        assertThat(call.header("content-type")).isEqualTo("application/grpc");
        assertThat(call.header("te")).isEqualTo("trailers");
        assertThat(call.header("grpc-timeout")).isEqualTo("25000m");
        assertThat(call.header("grpc-accept-encoding")).isEqualTo("gzip");
        assertThat(call.header("x-a")).isEqualTo("1");
        assertThat(call.header("x-a-bin")).isEqualTo("AAE");
        assertThat(call.header("connect-protocol-version")).isNull();
        assertThat(call.header("connect-timeout-ms")).isNull();
        assertThat(call.header("accept-encoding")).isNull();
    }

    @Test
    void aBodyOfUnknownLengthIsHeldAndOneOfAKnownLengthIsNot() {
        start("= on");
        backend.on(PATH, seen -> {
            assertThat(seen.awaitEnd()).isEqualTo(Frames.F3);
            seen.head().data(Frames.F4).trailers("grpc-status", "0");
        });
        try (Browser browser = Browser.connect(2, gateway.port())) {
            BrowserCall call = browser.call(PATH, with(UNARY, "content-length", "3"));
            call.send(Frames.hex("0a"));
            assertThat(backend.next().awaitBytes(6)).isEqualTo(Frames.hex("00 00000003 0a"));
            call.send(Frames.hex("0161"));
            call.end();
            assertThat(call.answer().body()).isEqualTo(LONGER);

            call = browser.call(PATH, UNARY);
            call.send(Frames.hex("0a"));
            call.send(Frames.hex("0161"));
            call.end();
            assertThat(backend.next().awaitEnd()).isEqualTo(Frames.F3);
            assertThat(call.answer().body()).isEqualTo(LONGER);
        }
    }

    @Test
    void whatIsHeldHasABound() {
        start("{ held = 8B }");
        backend.on(PATH, seen -> {
            seen.awaitEnd();
            seen.head().data(Frames.message(new byte[9]));
            seen.awaitReset();
        });
        Answer announced = post(2, new byte[9], with(UNARY, "content-length", "9"));
        assertThat(announced.text())
                .isEqualTo("{\"code\":\"resource_exhausted\",\"message\":\"message is 9 bytes, limit is 8"
                        + " (docs/errors.md#grpc_message_too_long)\"}");
        assertThat(post(1, new byte[9], UNARY).text()).isEqualTo(announced.text());
        assertThat(post(1, new byte[8], UNARY).text()).isEqualTo(announced.text());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void anErrorIsJsonWithDetails(int http) {
        start("= on");
        backend.on(PATH, seen -> {
            seen.awaitEnd();
            seen.trailersOnly(
                    "grpc-status",
                    "5",
                    "grpc-message",
                    "caf%C3%A9 100%25",
                    "grpc-status-details-bin",
                    DETAILS,
                    "x-late",
                    "2");
        });
        Answer answer = post(http, MESSAGE, UNARY);
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.header("content-type")).isEqualTo("application/json");
        assertThat(answer.header("trailer-x-late")).isEqualTo("2");
        assertThat(answer.header("grpc-status-details-bin")).isNull();
        assertThat(new String(answer.body(), StandardCharsets.UTF_8))
                .isEqualTo("{\"code\":\"not_found\",\"message\":\"café 100%\","
                        + "\"details\":[{\"type\":\"google.rpc.RetryInfo\",\"value\":\"CgIIAQ\"}]}");
    }

    @ParameterizedTest
    @CsvSource({
        "1, 499, canceled",
        "2, 500, unknown",
        "3, 400, invalid_argument",
        "4, 504, deadline_exceeded",
        "5, 404, not_found",
        "6, 409, already_exists",
        "7, 403, permission_denied",
        "8, 429, resource_exhausted",
        "9, 400, failed_precondition",
        "10, 409, aborted",
        "11, 400, out_of_range",
        "12, 501, unimplemented",
        "13, 500, internal",
        "14, 503, unavailable",
        "15, 500, data_loss",
        "16, 401, unauthenticated",
        "17, 500, unknown"
    })
    void theStatusesOfGrpc(String grpc, int http, String code) {
        start("= on");
        backend.on(PATH, seen -> {
            seen.awaitEnd();
            seen.trailersOnly("grpc-status", grpc);
        });
        Answer answer = post(2, MESSAGE, UNARY);
        assertThat(answer.status()).isEqualTo(http);
        assertThat(answer.text()).isEqualTo("{\"code\":\"" + code + "\"}");
    }

    @Test
    void aUnaryCallHasOneMessage() {
        start("= on");
        backend.on(PATH, seen -> {
            seen.awaitEnd();
            seen.head().data(Frames.F3, Frames.F4).trailers("grpc-status", "0");
        });
        assertThat(post(2, MESSAGE, UNARY).text()).contains("unimplemented", "2 messages");
        backend.on(PATH, seen -> {
            seen.awaitEnd();
            seen.head().trailers("grpc-status", "0");
        });
        assertThat(post(2, MESSAGE, UNARY).text()).contains("unimplemented", "0 messages");
        backend.on(PATH, seen -> {
            seen.awaitEnd();
            seen.head().data(Frames.hex("01 00000000")).trailers("grpc-status", "0");
        });
        assertThat(post(2, MESSAGE, UNARY).text()).contains("internal", "without grpc-encoding");
        backend.on(PATH, seen -> {
            seen.awaitEnd();
            seen.head().data(Frames.hex("00 00000003 0a")).trailers("grpc-status", "0");
        });
        assertThat(post(2, MESSAGE, UNARY).text()).contains("internal", "2 bytes short");
    }

    @Test
    void compressedMessagesPassBothWays() {
        start("= on");
        byte[] zipped = Frames.frame(1, Frames.hex("1f8b"));
        backend.on(PATH, seen -> {
            assertThat(seen.awaitEnd()).isEqualTo(zipped);
            seen.head("grpc-encoding", "gzip", "grpc-accept-encoding", "gzip")
                    .data(zipped)
                    .trailers("grpc-status", "0");
        });
        Answer unary = post(1, Frames.hex("1f8b"), with(UNARY, "content-encoding", "gzip", "accept-encoding", "gzip"));
        assertThat(unary.header("content-encoding")).isEqualTo("gzip");
        assertThat(unary.header("accept-encoding")).isEqualTo("gzip");
        assertThat(unary.body()).isEqualTo(Frames.hex("1f8b"));
        assertThat(backend.next().header("grpc-encoding")).isEqualTo("gzip");

        Answer stream = post(
                1, zipped, with(STREAM, "connect-content-encoding", "gzip", "connect-accept-encoding", "gzip, br"));
        assertThat(stream.header("connect-content-encoding")).isEqualTo("gzip");
        assertThat(stream.header("grpc-encoding")).isNull();
        assertThat(stream.body()).isEqualTo(Frames.concat(zipped, endOfStream("{}")));
        assertThat(backend.next().header("grpc-accept-encoding")).isEqualTo("gzip,br");
    }

    @Test
    void whatTheProtocolRefuses() {
        start("{ require-version = true }");
        String[] proto = {"content-type", "application/proto"};
        Answer missing = post(1, MESSAGE, proto);
        assertThat(missing.status()).isEqualTo(400);
        assertThat(missing.text()).contains("invalid_argument", "connect-protocol-version");
        assertThat(post(1, MESSAGE, with(proto, "connect-protocol-version", "2"))
                        .text())
                .contains("invalid_argument", "got \\\"2\\\"");
        assertThat(post(1, MESSAGE, with(UNARY, "connect-timeout-ms", "12345678901"))
                        .text())
                .contains("invalid_argument", "connect-timeout-ms");
        Answer codec = post(2, MESSAGE, "content-type", "application/foo", "connect-protocol-version", "1");
        assertThat(codec.status()).isEqualTo(415);
        assertThat(codec.header("accept-post")).contains("application/connect+json");
        Answer stream = post(2, MESSAGE, "content-type", "application/connect+foo");
        assertThat(stream.status()).isEqualTo(415);
        Answer put = Http1Browser.once(gateway.port(), "PUT", PATH, with(UNARY, "content-length", "0"));
        assertThat(put.status()).isEqualTo(405);
        assertThat(put.header("allow")).isEqualTo("POST");
    }

    @Test
    void getIsForMethodsThatAreNamed() {
        start("{ get = [\"wire.Service/Call\", \"wire.Other/*\"] }");
        backend.on(PATH, seen -> {
            assertThat(seen.awaitEnd()).isEqualTo(Frames.F3);
            seen.head("cache-control", "max-age=60").data(Frames.F4).trailers("grpc-status", "0");
        });
        Answer answer = get("?connect=v1&encoding=proto&base64=1&message=CgFh");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("cache-control")).isEqualTo("max-age=60");
        assertThat(answer.header("vary")).contains("accept-encoding");
        assertThat(answer.body()).isEqualTo(LONGER);
        assertThat(backend.next().path()).isEqualTo(PATH);
        assertThat(get("?encoding=proto&base64=1&message=CgFh").status()).isEqualTo(200);
        assertThat(get("?encoding=proto&message=%0A%01a").status()).isEqualTo(200);
        assertThat(get("?connect=v2&encoding=proto&message=a").text()).contains("invalid_argument", "v2");
        assertThat(get("?connect=v1&encoding=proto&base64=1&message=!").text()).contains("invalid_argument", "base64");
        assertThat(get("?connect=v1&encoding=foo&message=a").status()).isEqualTo(415);

        Answer other =
                Http1Browser.once(gateway.port(), "GET", "/wire.Service/Write?connect=v1&encoding=proto&message=a");
        assertThat(other.status()).isEqualTo(405);
        assertThat(other.header("allow")).isEqualTo("POST");
        assertThat(backend.others()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aStreamPassesAsItComes(int http) {
        start("= on");
        backend.on(PATH, seen -> {
            seen.awaitBytes(Frames.F3.length);
            seen.head("x-head", "1").data(Frames.F3);
            assertThat(seen.awaitEnd()).isEqualTo(Frames.concat(Frames.F3, Frames.F4));
            seen.trailers("grpc-status", "0", "x-late", "2", "x-late", "3");
        });
        try (Browser browser = Browser.connect(http, gateway.port())) {
            BrowserCall call = browser.call(PATH, STREAM);
            call.send(Frames.F3);
            assertThat(call.body(Frames.F3.length)).isEqualTo(Frames.F3);
            call.send(Frames.F4);
            call.end();
            Answer answer = call.answer();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("content-type")).isEqualTo("application/connect+proto");
            assertThat(answer.header("x-head")).isEqualTo("1");
            assertThat(new String(answer.body(), StandardCharsets.UTF_8))
                    .endsWith("{\"metadata\":{\"x-late\":[\"2\",\"3\"]}}");
        }
    }

    @Test
    void aStreamEndsWithItsError() {
        start("= on");
        backend.on(PATH, seen -> {
            seen.awaitEnd();
            seen.head().data(Frames.F3).trailers("grpc-status", "8", "grpc-message", "enough", "x-late", "2");
        });
        Answer late = post(2, Frames.F3, STREAM);
        assertThat(late.status()).isEqualTo(200);
        assertThat(late.body())
                .isEqualTo(Frames.concat(
                        Frames.F3,
                        endOfStream("{\"error\":{\"code\":\"resource_exhausted\",\"message\":\"enough\"},"
                                + "\"metadata\":{\"x-late\":[\"2\"]}}")));
        backend.on(PATH, seen -> {
            seen.awaitEnd();
            seen.trailersOnly("grpc-status", "7", "x-late", "2");
        });
        Answer early = post(1, Frames.F3, STREAM);
        assertThat(early.status()).isEqualTo(200);
        assertThat(early.body())
                .isEqualTo(
                        endOfStream("{\"error\":{\"code\":\"permission_denied\"},\"metadata\":{\"x-late\":[\"2\"]}}"));
    }

    @Test
    void aBackendThatBreaksOff() {
        start("= on");
        backend.on(PATH, seen -> {
            seen.awaitEnd();
            seen.head().data(Frames.F3).reset(2);
        });
        Answer stream = post(1, Frames.F3, STREAM);
        assertThat(stream.end()).isInstanceOf(Answer.End.Clean.class);
        assertThat(stream.text()).contains("\"error\":{\"code\":\"internal\"");
        Answer unary = post(2, MESSAGE, UNARY);
        assertThat(unary.status()).isEqualTo(503);
        assertThat(unary.text()).contains("\"code\":\"internal\"");
    }

    @Test
    void anAnswerThatIsNoneOfGrpc() {
        start("= on");
        backend.on(PATH, seen -> {
            seen.awaitEnd();
            seen.head(":status", "503", "content-type", "text/plain")
                    .lastData("out of order".getBytes(StandardCharsets.UTF_8));
        });
        assertThat(post(2, MESSAGE, UNARY).text()).isEqualTo("{\"code\":\"unavailable\",\"message\":\"out of order\"}");
        Answer stream = post(2, Frames.F3, STREAM);
        assertThat(stream.body())
                .isEqualTo(endOfStream("{\"error\":{\"code\":\"unavailable\",\"message\":\"out of order\"}}"));
    }

    @Test
    void anAnswerThatIsNoneOfGrpcMayBreakOff() {
        start("= on");
        backend.on(PATH, seen -> {
            seen.awaitEnd();
            seen.head(":status", "200", "content-type", "text/plain")
                    .data("out of".getBytes(StandardCharsets.UTF_8))
                    .reset(2);
        });
        Answer stream = post(2, Frames.F3, STREAM);
        assertThat(stream.status()).isEqualTo(200);
        assertThat(stream.header("content-type")).isEqualTo("application/connect+proto");
        assertThat(stream.text()).contains("\"error\":{\"code\":\"internal\"");
        Answer unary = post(1, MESSAGE, UNARY);
        assertThat(unary.status()).isEqualTo(503);
        assertThat(unary.text()).contains("\"code\":\"internal\"");
    }

    @Test
    void theGatewaysOwnAnswersHaveTheFormOfTheCall() {
        start("= on", "filters = [cors, { type = rate-limit, bucket { max = 1, interval = 1h } }, connect, grpc-web]");
        backend.on(PATH, seen -> {
            seen.awaitEnd();
            seen.head().data(Frames.F4).trailers("grpc-status", "0");
        });
        assertThat(post(2, MESSAGE, UNARY).status()).isEqualTo(200);
        Answer unary = post(1, MESSAGE, with(UNARY, "origin", "https://app.example"));
        assertThat(unary.status()).isEqualTo(429);
        assertThat(unary.header("access-control-allow-origin")).isEqualTo("https://app.example");
        assertThat(unary.text())
                .isEqualTo("{\"code\":\"resource_exhausted\",\"message\":"
                        + "\"local_rate_limited (docs/errors.md#local_rate_limited)\"}");
        Answer stream = post(1, Frames.F3, STREAM);
        assertThat(stream.status()).isEqualTo(200);
        assertThat(stream.body())
                .isEqualTo(endOfStream("{\"error\":{\"code\":\"resource_exhausted\",\"message\":"
                        + "\"local_rate_limited (docs/errors.md#local_rate_limited)\"}}"));
    }

    @Test
    void theDeadlineOfACallIsEnforced() {
        start("= on", "routes = [{ max-timeout = 20ms }]");
        backend.on(PATH, BackendCall::awaitReset);
        Answer answer = post(2, MESSAGE, with(UNARY, "connect-timeout-ms", "60000"));
        assertThat(answer.status()).isEqualTo(504);
        assertThat(answer.text()).contains("\"code\":\"deadline_exceeded\"");
        assertThat(backend.next().header("grpc-timeout")).isEqualTo("20m");
    }

    @Test
    void aPreflightAllowsTheFieldsOfConnect() {
        start("= on");
        Answer answer = Http1Browser.once(
                gateway.port(),
                "OPTIONS",
                PATH,
                "origin",
                "https://app.example",
                "access-control-request-method",
                "POST");
        assertThat(answer.header("access-control-allow-headers"))
                .contains("connect-protocol-version", "connect-timeout-ms", "content-type");
    }

    @Test
    void whereItIsOffNothingIsConnect() {
        start("= on", "routes = [{ connect = off }]");
        assertThat(post(1, MESSAGE, UNARY).status()).isEqualTo(415);
        assertThat(get("?connect=v1&encoding=proto&message=a").status()).isEqualTo(405);
        assertThat(backend.others()).isEmpty();
    }
}
