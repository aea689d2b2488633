package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.config.ErrorFormat;
import io.grpcweb.gateway.runtime.RunningGateway;
import io.grpcweb.gateway.testing.Browser;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.Http2Browser;
import io.grpcweb.gateway.testing.Http2Exchange;
import io.grpcweb.gateway.testing.Http2Peer;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Setup;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What is done with the rest of an HTTP/2 request that is answered before its end (RFC 9113 sections 8.1 and 8.1.1). The
 * gateway waits for the rest for a moment only; a test whose machine was slower than that tries again.
 */
class EarlyAnswerTest {
    private static final String PATH = "/wire.Service/Call";
    private static final int TRIES = 50;
    private static final long PROTOCOL_ERROR = 1;

    private final ScriptedBackend backend = new ScriptedBackend();
    private final RunningGateway gateway = RunningGateway.of(Setup.of(ErrorFormat.ENVOY, backend.port()));

    @BeforeEach
    void answerAtOnce() {
        backend.on(PATH, seen -> seen.trailersOnly("grpc-status", "7"));
    }

    @AfterEach
    void stop() {
        gateway.close();
        backend.close();
    }

    @Test
    void whoSendsOnIsAskedToStopWithinOneWindow() {
        try (Http2Browser browser = new Http2Browser(gateway.port())) {
            Http2Exchange upload = answered(browser);
            long window = upload.window;
            assertThat(browser.peer().data(upload, new byte[32 << 20], true)).isFalse();
            assertThat(upload.awaitReset()).isEqualTo(Http2Peer.NO_ERROR);
            assertThat(upload.sent).isLessThanOrEqualTo(window);
        }
    }

    @Test
    void aRestThatEndsTheRequestIsFollowedByNoReset() {
        assertThat(resetBehind(rest -> rest.peer().data(rest, Frames.F3, true), -1))
                .isTrue();
    }

    @Test
    void trailersThatAreMalformedAreAProtocolErrorBehindTheAnswerAsWell() {
        Http2Headers malformed = new DefaultHttp2Headers(false).method("POST");
        assertThat(resetBehind(rest -> rest.peer().headers(rest.id(), malformed, true), PROTOCOL_ERROR))
                .isTrue();
    }

    @Test
    void aBodyThatBeliesItsContentLengthIsAProtocolErrorBehindTheAnswerAsWell() {
        assertThat(resetBehind(
                        rest -> rest.peer().data(rest, new byte[4], true), PROTOCOL_ERROR, "content-length", "3"))
                .isTrue();
    }

    /** Whether the rest, sent behind the answer, is followed by that reset alone. */
    private boolean resetBehind(Consumer<Http2Exchange> rest, long code, String... fields) {
        try (Http2Browser browser = new Http2Browser(gateway.port())) {
            for (int i = 0; i < TRIES; i++) {
                Http2Exchange call = answered(browser, fields);
                rest.accept(call);
                browser.peer().roundTrip();
                if (call.resetCode == code) {
                    return true;
                }
            }
        }
        return false;
    }

    private static Http2Exchange answered(Http2Browser browser, String... fields) {
        Http2Headers head = Http2Browser.head(PATH, "content-type", "application/grpc-web+proto");
        Browser.fields(fields).forEach(field -> head.add(field.name(), field.value()));
        Http2Exchange call = browser.peer().open(head, false);
        call.awaitEnd();
        assertThat(call.isEnded()).isTrue();
        return call;
    }
}
