package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.config.ErrorFormat;
import io.grpcweb.gateway.runtime.RunningGateway;
import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.Browser;
import io.grpcweb.gateway.testing.BrowserCall;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.Http2Browser;
import io.grpcweb.gateway.testing.Script;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Setup;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Backends that mean harm, or are badly broken: the browser gets a status, and the next call goes on as if nothing were. */
class HostileBackendTest {
    private static final String PATH = "/wire.Service/Call";
    private static final String WELL = "/wire.Service/Well";
    private static final int MAX_CONCURRENT_STREAMS = 3;

    private ScriptedBackend backend = new ScriptedBackend();
    private RunningGateway gateway;

    @AfterEach
    void stop() {
        gateway.close();
        backend.close();
    }

    private Answer call(Script script) {
        backend.on(PATH, script).on(WELL, seen -> seen.trailersOnly("grpc-status", "0"));
        gateway = RunningGateway.of(Setup.of(ErrorFormat.BROWSER, backend.port()));
        Answer answer = post(PATH);
        assertThat(post(WELL).grpcStatus()).isEqualTo("0");
        return answer;
    }

    private Answer post(String path) {
        try (Browser browser = Browser.connect(2, gateway.port())) {
            return browser.post(path, Frames.F3, "content-type", "application/grpc-web+proto");
        }
    }

    @Test
    void trailersOfAMebibyteEndTheCallAlone() {
        Answer answer = call(seen -> {
            seen.awaitEnd();
            seen.head().data(Frames.F2).trailers("grpc-status", "0", "x-large", "x".repeat(1 << 20));
        });
        assertThat(answer.grpcStatus()).isNotNull().isNotEqualTo("0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "abc", "", "0x0"})
    void aStatusThatIsNoneIsUnknown(String status) {
        Answer answer = call(seen -> {
            seen.awaitEnd();
            seen.head().data(Frames.F2).trailers("grpc-status", status);
        });
        assertThat(answer.grpcStatus()).isEqualTo("2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"5", "abc"})
    void statusesThatDifferAreUnknown(String second) {
        Answer trailers = call(seen -> {
            seen.awaitEnd();
            seen.head().data(Frames.F2).trailers("grpc-status", "0", "grpc-status", second, "x-more", "1");
        });
        assertThat(trailers.body())
                .isEqualTo(Frames.concat(
                        Frames.F2,
                        Frames.trailers(
                                "x-more:1",
                                "grpc-status:2",
                                "grpc-message:the backend sent several statuses: 0, " + second)));
    }

    @Test
    void statusesThatDifferAreUnknownWithoutMessages() {
        Answer alone = call(seen -> {
            seen.awaitEnd();
            seen.trailersOnly("grpc-status", "0", "grpc-status", "5");
        });
        assertThat(alone.grpcStatus()).isEqualTo("2");
    }

    @Test
    void aStatusThatIsSaidTwiceIsOne() {
        Answer answer = call(seen -> {
            seen.awaitEnd();
            seen.head().data(Frames.F2).trailers("grpc-status", "0", "grpc-status", "0");
        });
        assertThat(answer.body()).isEqualTo(Frames.concat(Frames.F2, Frames.trailers("grpc-status:0")));
    }

    @Test
    void anEndWithoutAStatusIsAnError() {
        Answer answer = call(seen -> {
            seen.awaitEnd();
            seen.head().data(Frames.F2).lastData(new byte[0]);
        });
        assertThat(answer.grpcStatus()).isEqualTo("13");
    }

    @Test
    void aMessageOfFourGibibytesThatNeverComesIsAnError() {
        Answer answer = call(seen -> {
            seen.awaitEnd();
            seen.head().data(Frames.hex("00 ffffffff 0102")).trailers("grpc-status", "0");
        });
        assertThat(answer.text()).doesNotContain("grpc-status:0");
    }

    @Test
    void lineBreaksInMetadataForgeNoStatus() {
        Answer answer = call(seen -> {
            seen.awaitEnd();
            seen.head().data(Frames.F2).trailers("grpc-status", "5", "x-evil", "a\r\ngrpc-status:0");
        });
        assertThat(answer.text()).doesNotContain("grpc-status:0");
    }

    @Test
    void aGoAwayAfterEachCallCostsNoCall() {
        backend.on(PATH, seen -> {
            seen.awaitEnd();
            seen.goAway(seen.exchange().id());
            seen.trailersOnly("grpc-status", "0");
        });
        gateway = RunningGateway.of(Setup.of(ErrorFormat.BROWSER, backend.port()));
        for (int i = 0; i < 50; i++) {
            assertThat(post(PATH).grpcStatus()).isEqualTo("0");
        }
        assertThat(backend.connections()).hasSize(50);
    }

    /** Calls wait, no more than the limit allows, until there is room. */
    @Test
    void aBackendThatTakesNoStreamAtFirstGetsItsCallsLater() {
        backend.close();
        backend = new ScriptedBackend(MAX_CONCURRENT_STREAMS, 0);
        backend.on(PATH, seen -> seen.trailersOnly("grpc-status", "0"));
        gateway = RunningGateway.of(
                Setup.own("", "breakers.normal { connections = 1, pending = 2 }", "127.0.0.1:" + backend.port()));
        try (Http2Browser browser = new Http2Browser(gateway.port())) {
            BrowserCall first = begin(browser);
            BrowserCall second = begin(browser);
            Answer refused = begin(browser).answer();
            assertThat(refused.grpcStatus()).isEqualTo("14");
            assertThat(refused.header("x-envoy-overloaded")).isEqualTo("true");

            Awaitility.await().until(() -> !backend.connections().isEmpty());
            backend.connections().get(0).settings(MAX_CONCURRENT_STREAMS, 1);
            assertThat(first.answer().grpcStatus()).isEqualTo("0");
            assertThat(second.answer().grpcStatus()).isEqualTo("0");
        }
    }

    private static BrowserCall begin(Browser browser) {
        BrowserCall call = browser.call(PATH, "content-type", "application/grpc-web+proto");
        call.send(Frames.F3);
        call.end();
        return call;
    }
}
