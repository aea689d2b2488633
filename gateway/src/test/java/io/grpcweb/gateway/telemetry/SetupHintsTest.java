package io.grpcweb.gateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.http.CallFormat;
import io.grpcweb.gateway.http.Protocol;
import io.grpcweb.gateway.http.StreamInfo;
import io.grpcweb.gateway.testing.LogWatch;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SetupHintsTest {
    private static final String PAGE = "http://localhost:5173";
    private static final long SECOND = 1_000_000_000;

    private final RecentEvents recent = new RecentEvents();
    private final SetupHints hints = new SetupHints(new Hints(recent), true);

    private List<String> told() {
        return recent.hints().stream()
                .map(hint -> hint.about() + " " + hint.help())
                .toList();
    }

    private void failed(String reason) {
        StreamInfo call = Calls.unary();
        call.upstreamFailure = reason;
        hints.started(call);
        hints.ended(call);
    }

    @ParameterizedTest
    @CsvSource({
        "speaks HTTP/1 where HTTP/2 is expected, backend_speaks_http1",
        "speaks TLS where cleartext is expected, backend_wants_tls",
        "TLS_error: not an SSL/TLS record: 00000604, backend_is_cleartext",
        "Connection refused: localhost/127.0.0.1:50051, loopback_in_container",
    })
    void whatABackendIsIsSaidOnceWithTheCure(String reason, String hint) {
        try (LogWatch log = new LogWatch()) {
            failed(reason);
            failed(reason);
            assertThat(told()).containsExactly("cluster echo docs/errors.md#" + hint);
            assertThat(log.warnings())
                    .filteredOn(line -> line.contains(hint))
                    .singleElement()
                    .asString()
                    .startsWith("cluster echo: ")
                    .contains(recent.hints().get(0).cure());
        }
    }

    @Test
    void aCallThatHadAConnectionSaysNothingOfLoopback() {
        StreamInfo call = Calls.unary();
        call.upstreamFailure = "reset";
        call.upstreamConnectionId = 3;
        hints.ended(call);
        assertThat(told()).isEmpty();
    }

    @Test
    void outsideOfContainersLoopbackIsTheHost() {
        StreamInfo call = Calls.unary();
        call.upstreamFailure = "Connection refused";
        new SetupHints(new Hints(recent), false).ended(call);
        assertThat(told()).isEmpty();
    }

    private static StreamInfo stream(CallFormat format, String agent, long nanos) {
        StreamInfo call = Calls.unary();
        call.format = format;
        call.responseMessages = 2;
        call.requestHeaders.set("x-user-agent", agent).set("origin", PAGE);
        call.endNanos = call.firstResponseByteNanos + nanos;
        return call;
    }

    @Test
    void aStreamThatThePageSeesAtItsEndIsToldOf() {
        hints.ended(stream(CallFormat.GRPC_WEB_TEXT, "grpc-web-javascript/0.1", SECOND));
        hints.ended(stream(CallFormat.GRPC_WEB, "connect-es/2.0.0", SECOND));
        hints.ended(stream(CallFormat.GRPC_WEB, "grpc-web-javascript/0.1", SECOND - 1));
        assertThat(told()).isEmpty();
        hints.ended(stream(CallFormat.GRPC_WEB, "grpc-web-javascript/0.1", SECOND));
        assertThat(told()).containsExactly("origin " + PAGE + " docs/errors.md#no_live_delivery");
    }

    /** A call of the page that began so many nanoseconds after the first one. */
    private StreamInfo open(long after, String origin) {
        StreamInfo call = new StreamInfo(Calls.unary().connection, 1, after);
        call.protocol = Protocol.HTTP_1_1;
        call.requestHeaders = Calls.unary().requestHeaders.set("origin", origin);
        hints.started(call);
        return call;
    }

    @Test
    void sixStreamsOfAPageOverHttp1AreToldOf() {
        IntStream.range(0, 5).forEach(i -> open(i, PAGE));
        open(SECOND, "https://other.example");
        assertThat(told()).isEmpty();
        open(SECOND + 4, PAGE);
        assertThat(told()).containsExactly("origin " + PAGE + " docs/errors.md#six_streams");
    }

    @Test
    void sixCallsAtOnceAreNoStreams() {
        IntStream.range(0, 6).forEach(i -> open(SECOND / 2 + i, PAGE));
        assertThat(told()).isEmpty();
    }

    @Test
    void whatHasEndedDoesNotCountEvenIfItsHeaderWasChanged() {
        List<StreamInfo> calls = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            calls.add(open(i * SECOND, PAGE));
            if (calls.size() == 5) {
                StreamInfo first = calls.remove(0);
                first.requestHeaders.remove("origin");
                hints.ended(first);
            }
        }
        assertThat(told()).isEmpty();
    }

    @Test
    void whatIsRememberedHasABound() {
        for (int i = 0; i < 3000; i++) {
            String origin = "https://" + i + ".example";
            open(i, origin);
            hints.ended(stream(CallFormat.GRPC_WEB, "grpc-web-javascript/0.1", SECOND));
            StreamInfo of = stream(CallFormat.GRPC_WEB, "grpc-web-javascript/0.1", SECOND);
            of.requestHeaders.set("origin", origin);
            hints.ended(of);
        }
        assertThat(told()).hasSize(32);
        assertThat(hints.pages()).isEqualTo(1024);
    }
}
