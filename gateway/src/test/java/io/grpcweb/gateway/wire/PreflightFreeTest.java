package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.runtime.RunningGateway;
import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.BackendCall;
import io.grpcweb.gateway.testing.Browser;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Setup;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls whose fields stand in the query, so that a browser asks no preflight. */
class PreflightFreeTest {
    private static final String PATH = "/wire.Service/Call";
    private static final String FIELDS =
            "?$httpHeaders=content-type%3Aapplication%2Fgrpc-web%2Bproto%0D%0Ax-a%3Ab%20c%0D%0A";
    private static final String FORM = "application/x-www-form-urlencoded;charset=utf-8";
    private static final String PAGE = "https://app.example";

    private final ScriptedBackend backend = new ScriptedBackend().on(PATH, seen -> {
        seen.awaitEnd();
        seen.head("x-b", "c").data(Frames.F3).trailers("grpc-status", "0");
    });
    private RunningGateway gateway;

    @AfterEach
    void stop() {
        gateway.close();
        backend.close();
    }

    private Answer post(int version, String keys, String path, String... fields) {
        gateway = RunningGateway.of(Setup.parse("listeners.main { listen = \"127.0.0.1:0\", access-log = []\n" + keys
                + " }\nclusters.backend.endpoints = [\"127.0.0.1:" + backend.port() + "\"]\n"));
        try (Browser browser = Browser.connect(version, gateway.port())) {
            return browser.post(path, Frames.F3, fields);
        }
    }

    private static String on(String origin) {
        return "preflight-free = true, cors.origins = [\"" + origin + "\"]";
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void theFieldsTakeTheirPlaceInTheHead(int version) {
        Answer answer = post(version, on(PAGE), PATH + FIELDS, "content-type", FORM, "origin", PAGE, "cookie", "a=1");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("content-type")).isEqualTo("application/grpc-web+proto");
        assertThat(answer.header("access-control-allow-origin")).isEqualTo(PAGE);
        assertThat(answer.header("access-control-expose-headers")).endsWith(",x-b");
        assertThat(answer.body()).isEqualTo(Frames.concat(Frames.F3, Frames.T0));
        BackendCall seen = backend.next();
        assertThat(seen.path()).isEqualTo(PATH);
        assertThat(seen.header("x-a")).isEqualTo("b c");
        assertThat(seen.header("content-type")).isEqualTo("application/grpc");
        assertThat(seen.header("cookie")).isNull();
    }

    @Test
    void aScriptCannotSayWhoCalls() {
        String forged = FIELDS + "origin%3Ahttps%3A%2F%2Fevil.example%0D%0Acookie%3Aa%3D2%0D%0Aconnection%3Ax-a%0D%0A";
        String keys = "preflight-free = true, cors { origins = [\"" + PAGE + "\"], allow-credentials = true }";
        post(1, keys, PATH + forged, "content-type", FORM, "origin", PAGE, "cookie", "a=1");
        BackendCall seen = backend.next();
        assertThat(seen.header("origin")).isEqualTo(PAGE);
        assertThat(seen.header("cookie")).isEqualTo("a=1");
        assertThat(seen.header("x-a")).isEqualTo("b c");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://evil.example", "null", ""})
    void aPageThatMayNotCallReachesNobody(String origin) {
        String[] fields = origin.isEmpty()
                ? new String[] {"content-type", FORM}
                : new String[] {"content-type", FORM, "origin", origin};
        assertThat(post(2, on(PAGE), PATH + FIELDS, fields).text()).contains("grpc-status:7");
        assertThat(backend.others()).isEmpty();
    }

    @Test
    void withoutAPolicyAPageOfTheSameHostMayCall() {
        Answer answer =
                post(1, "preflight-free = true", PATH + FIELDS, "content-type", FORM, "origin", "http://gateway.test");
        assertThat(answer.body()).isEqualTo(Frames.concat(Frames.F3, Frames.T0));
    }

    @Test
    void theRestOfTheQueryStays() {
        String fields = "content-type%3Aapplication%2Fgrpc%0D%0A";
        post(2, on(PAGE), PATH + "?a=1&%24httpHeaders=" + fields + "&b=2", "content-type", FORM, "origin", PAGE);
        assertThat(backend.next().path()).isEqualTo(PATH + "?a=1&b=2");
    }

    @Test
    void whatIsNoFieldIsLeftOut() {
        Answer answer = post(1, on(PAGE), PATH + "?$httpHeaders=x%20y%3Az", "content-type", FORM, "origin", PAGE);
        assertThat(answer.status()).isEqualTo(415);
        assertThat(backend.others()).isEmpty();
    }

    @Test
    void theyAreOffUnlessAskedFor() {
        Answer answer =
                post(1, "cors.origins = [\"" + PAGE + "\"]", PATH + FIELDS, "content-type", FORM, "origin", PAGE);
        assertThat(answer.status()).isEqualTo(415);
        assertThat(backend.others()).isEmpty();
    }
}
