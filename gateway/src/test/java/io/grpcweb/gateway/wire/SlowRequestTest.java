package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.runtime.RunningGateway;
import io.grpcweb.gateway.testing.BackendCall;
import io.grpcweb.gateway.testing.BrowserCall;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.Http2Browser;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Setup;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients that begin something and go on as slowly as they may. */
class SlowRequestTest {
    private static final String HELD = "/wire.Service/Held";
    private static final byte[] CRUMB = {0};

    private final ScriptedBackend backend = new ScriptedBackend().on(HELD, BackendCall::awaitReset);
    private final RunningGateway gateway = RunningGateway.of(Setup.parse(
            "listeners.main { listen = \"127.0.0.1:0\", access-log = [], timeouts { request-headers = 300ms, request-progress ="
                    + " 300ms }, routes = [{ prefix = \"/\", cluster = backend }] }\n"
                    + "clusters.backend { endpoints = [\"127.0.0.1:" + backend.port() + "\"] }\n"));

    @AfterEach
    void stop() {
        gateway.close();
        backend.close();
    }

    /** Every byte is activity, so that no idle timeout ends it. */
    @Test
    void theBodyOfAGrpcWebRequestMustComeAlong() {
        try (Http1Browser first = new Http1Browser(gateway.port());
                Http2Browser second = new Http2Browser(gateway.port())) {
            BrowserCall call = first.call(HELD, "content-type", "application/grpc-web+proto");
            Http2Browser.Call other = second.call(HELD, "content-type", "application/grpc-web+proto");
            call.send(CRUMB);
            other.send(CRUMB);
            // In the gateway's own format an error of a call is its status.
            assertThat(call.answer().toString()).contains("grpc-status:4");
            assertThat(other.answer().toString()).contains("grpc-status:4");
        }
    }

    /** Its messages may be far apart: nobody knows how a native call ends. */
    @Test
    void aNativeCallMayBeSilent() {
        try (Http2Browser browser = new Http2Browser(gateway.port())) {
            Http2Browser.Call call = browser.call(HELD, "content-type", "application/grpc");
            Http2Browser.Call web = browser.call(HELD, "content-type", "application/grpc-web+proto");
            web.answer();
            assertThat(call.exchange().isEnded()).isFalse();
            assertThat(call.exchange().resetCode()).isEqualTo(-1);
        }
    }

    /** What may become HTTP/2 with prior knowledge is no request yet. */
    @Test
    void halfAPrefaceIsGivenUp() {
        try (Http1Browser browser = new Http1Browser(gateway.port())) {
            browser.raw("PRI * HTTP/2");
            assertThat(browser.isEnded()).isTrue();
        }
    }
}
