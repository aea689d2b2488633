package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.config.ErrorFormat;
import io.grpcweb.gateway.runtime.RunningGateway;
import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.BrowserCall;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.Gate;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.Http2Browser;
import io.grpcweb.gateway.testing.Http2Peer;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Setup;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** SIGTERM, as the gateway's own method. */
class DrainTest {
    private static final String PATH = "/wire.Service/Call";
    private static final String[] WEB = {"content-type", "application/grpc-web+proto"};

    @Test
    void aCallInFlightFinishesBehindGoAway() {
        Gate gate = new Gate();
        try (ScriptedBackend backend = new ScriptedBackend().on(PATH, seen -> {
                    seen.awaitEnd();
                    seen.head().data(Frames.F2);
                    gate.pass();
                    seen.data(Frames.F3).trailers("grpc-status", "0");
                });
                RunningGateway gateway = RunningGateway.of(Setup.of(ErrorFormat.ENVOY, backend.port()));
                Http2Browser browser = new Http2Browser(gateway.port())) {
            Http2Browser.Call call = browser.call(PATH, WEB);
            call.send(Frames.F3);
            call.end();
            call.body(Frames.F2.length);
            gateway.shutDown();
            browser.peer().await("GOAWAY", () -> browser.peer().goAwayLast() >= 0);
            gate.open();
            Answer answer = call.answer();
            assertThat(answer.body()).isEqualTo(Frames.concat(Frames.F2, Frames.F3, Frames.T0));
            assertThat(answer.end()).isEqualTo(Answer.End.CLEAN);
        }
    }

    @Test
    void theLastAnswerOfAnHttp1ConnectionEndsIt() {
        Gate gate = new Gate();
        try (ScriptedBackend backend = new ScriptedBackend().on(PATH, seen -> {
                    seen.awaitEnd();
                    gate.pass();
                    seen.trailersOnly("grpc-status", "0");
                });
                RunningGateway gateway = RunningGateway.of(Setup.of(ErrorFormat.ENVOY, backend.port()));
                Http1Browser browser = new Http1Browser(gateway.port());
                Http2Browser witness = new Http2Browser(gateway.port())) {
            BrowserCall call = browser.call(PATH, WEB);
            call.send(Frames.F3);
            call.end();
            backend.next();
            gateway.shutDown();
            witness.peer().await("GOAWAY", () -> witness.peer().goAwayLast() >= 0);
            gate.open();
            Answer answer = call.answer();
            assertThat(answer.header("grpc-status")).isEqualTo("0");
            assertThat(browser.isEnded()).isTrue();
        }
    }

    @Test
    void aStreamThatIsStillOpenAtTheLimitEndsWithStatus14() {
        try (ScriptedBackend backend = new ScriptedBackend().on(PATH, seen -> {
                    seen.awaitEnd();
                    seen.head().data(Frames.F2).awaitReset();
                });
                RunningGateway gateway = RunningGateway.of(
                        Setup.endingWithin(Duration.ofMillis(300), Setup.of(ErrorFormat.ENVOY, backend.port())));
                Http2Browser browser = new Http2Browser(gateway.port())) {
            Http2Browser.Call call = browser.call(PATH, WEB);
            call.send(Frames.F3);
            call.end();
            call.body(Frames.F2.length);
            gateway.shutDown();
            Answer answer = call.answer();
            assertThat(answer.body())
                    .isEqualTo(Frames.concat(
                            Frames.F2, Frames.trailers("grpc-status:14", "grpc-message:the gateway is shutting down")));
            assertThat(backend.next().awaitReset()).isEqualTo(Http2Peer.CANCEL);
        }
    }
}
