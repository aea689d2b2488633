package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.runtime.RunningGateway;
import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.BackendCall;
import io.grpcweb.gateway.testing.Browser;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.Http1Backend;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Setup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Native gRPC needs the trailers of HTTP/2: who asks for it over HTTP/1.1 is a page with a wrong content type. */
class NativeCallOverHttp1Test {
    private static final String PATH = "/wire.Service/Call";

    private static void answer(BackendCall seen) {
        seen.awaitEnd();
        seen.head().data(Frames.F2).trailers("grpc-status", "0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/grpc",
                "application/grpc+proto",
                "application/grpc+json",
                "APPLICATION/GRPC",
                "application/grpc; charset=utf-8"
            })
    void itIsRefusedAndReachesNoBackend(String contentType) {
        try (ScriptedBackend backend = new ScriptedBackend().on(PATH, NativeCallOverHttp1Test::answer);
                RunningGateway gateway = RunningGateway.of(Setup.own("", "", "127.0.0.1:" + backend.port()));
                Browser old = Browser.connect(1, gateway.port());
                Browser browser = Browser.connect(2, gateway.port())) {
            Answer refused = old.post(PATH, Frames.F3, "content-type", contentType, "te", "trailers");
            assertThat(refused.status()).isEqualTo(415);
            assertThat(refused.header("grpc-status")).isNull();
            assertThat(refused.header("content-type")).isNull();
            assertThat(refused.body()).isEmpty();
            assertThat(refused.trailers()).isEmpty();
            assertThat(backend.others()).isEmpty();
            assertThat(backend.connections()).isEmpty();

            // It is the version that makes the difference.
            Answer served = browser.post(PATH, Frames.F3, "content-type", contentType, "te", "trailers");
            assertThat(served.status()).isEqualTo(200);
            assertThat(served.body()).isEqualTo(Frames.F2);
            assertThat(served.trailers()).containsExactly(new Answer.Field("grpc-status", "0"));
        }
    }

    @Test
    void theCallOfABrowserBehindItIsServed() {
        try (ScriptedBackend backend = new ScriptedBackend().on(PATH, NativeCallOverHttp1Test::answer);
                RunningGateway gateway = RunningGateway.of(Setup.own("", "", "127.0.0.1:" + backend.port()));
                Http1Browser browser = new Http1Browser(gateway.port())) {
            String call = "POST " + PATH + " HTTP/1.1\r\nHost: gateway.test\r\nContent-Type: application/grpc";
            browser.raw(call + "\r\nContent-Length: 0\r\n\r\n");
            browser.raw(call + "-web\r\nContent-Length: 8\r\n\r\n\0\0\0\0\3\n\1a");
            assertThat(browser.next().readAll().status()).isEqualTo(415);
            assertThat(browser.next().readAll().body()).isEqualTo(Frames.concat(Frames.F2, Frames.T0));
            assertThat(backend.next().awaitEnd()).isEqualTo(Frames.F3);
            assertThat(backend.others()).isEmpty();
        }
    }

    @Test
    void aRouteForMoreThanGrpcPassesItOn() {
        try (Http1Backend backend = new Http1Backend();
                RunningGateway gateway = RunningGateway.of(
                        Setup.own("grpc-only = false", "protocol = http1", "127.0.0.1:" + backend.port()))) {
            assertThat(Http1Browser.once(gateway.port(), "POST", PATH, "content-type", "application/grpc")
                            .text())
                    .isEqualTo("ok");
            assertThat(backend.next().field("content-type")).isEqualTo("application/grpc");
        }
    }
}
