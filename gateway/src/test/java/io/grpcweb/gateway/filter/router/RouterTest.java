package io.grpcweb.gateway.filter.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.config.RouteConfig;
import io.grpcweb.gateway.filter.SharedParts;
import io.grpcweb.gateway.http.CallFormat;
import io.grpcweb.gateway.http.ConnectionInfo;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.ExchangeTimers;
import io.grpcweb.gateway.http.FakeExchange;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.LocalReply;
import io.grpcweb.gateway.http.StreamInfo;
import io.grpcweb.gateway.http.UpstreamFailure;
import io.grpcweb.gateway.testing.Setup;
import io.grpcweb.gateway.upstream.pool.ScriptedUpstream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The router alone: what comes down and what backends do, what they get and what goes up. No socket, and a clock of the test. */
class RouterTest {
    private final List<String> up = new ArrayList<>();
    private final Http2Headers head = new DefaultHttp2Headers(false)
            .method("POST")
            .scheme("http")
            .authority("api.test")
            .path("/desk.Tickets/List")
            .set("content-type", "application/grpc");
    private ScriptedUpstream upstream;
    private boolean routed = true;
    private Runnable onGoOn = () -> {};
    private Exchange exchange;
    private Router router;

    private final class Above extends HttpFilter {
        @Override
        public void requestWritable(boolean writable) {
            up.add(writable ? "go on" : "stop");
            if (writable) {
                onGoOn.run();
            }
        }

        @Override
        public void responseHead(Http2Headers fields, boolean end) {
            up.add("head " + fields.status() + (end ? " end" : ""));
            exchange.responseStarted(fields);
            if (end) {
                exchange.end();
            }
        }

        @Override
        public void responseData(ByteBuf data, boolean end) {
            up.add("data " + data.toString(StandardCharsets.US_ASCII) + (end ? " end" : ""));
            data.release();
            if (end) {
                exchange.end();
            }
        }

        @Override
        public void responseTrailers(Http2Headers fields) {
            up.add("trailers " + fields.get("grpc-status"));
            exchange.end();
        }

        @Override
        public void responseAbort(LocalReply reason) {
            up.add("abort");
            exchange.end();
        }
    }

    @AfterEach
    void close() {
        if (exchange != null && !exchange.isOver()) {
            router.cancel();
        }
        upstream.close();
    }

    /** A request arrives for a route with these keys, to a cluster with those; two endpoints. */
    private void arrives(String route, String cluster, boolean end) throws Exception {
        GatewayConfig config = Setup.own("cluster = backend\n" + route, cluster, "10.0.0.1:80", "10.0.0.2:80");
        upstream = new ScriptedUpstream(config);
        StreamInfo info = new StreamInfo(new ConnectionInfo(1, "web", null, null, null, null), 1);
        info.requestHeaders = head;
        info.format = CallFormat.GRPC_WEB;
        exchange = FakeExchange.of(info, new ExchangeTimers(upstream.channel().eventLoop()));
        RouteConfig.VirtualHost host = config.listeners()
                .get(0)
                .chains()
                .get(0)
                .http()
                .routes()
                .virtualHosts()
                .get(0);
        exchange.routed(host, routed ? host.routes().get(0) : null);
        router = (Router) new RouterFactory(
                        upstream.clusters(),
                        new RouterConfig("router", true, false),
                        upstream.stats().http("web").router,
                        new SharedParts(),
                        () -> null,
                        () -> null)
                .create(exchange, head);
        HttpFilter above = new Above();
        router.under(above);
        exchange.chain(above, router);
        router.requestHead(head, end);
    }

    private static ByteBuf bytes(String text) {
        return ByteBufUtil.writeAscii(UnpooledByteBufAllocator.DEFAULT, text);
    }

    private static Http2Headers status(String code) {
        return new DefaultHttp2Headers(false).status(code);
    }

    private static Http2Headers grpcStatus(String code) {
        return new DefaultHttp2Headers(false).set("grpc-status", code);
    }

    private ScriptedUpstream.Stream stream() {
        return upstream.last().stream();
    }

    @Test
    void theRequestWaitsForAConnectionAndGoesThereInOrder() throws Exception {
        arrives("", "", false);
        router.requestData(bytes("one"), false);
        assertThat(upstream.asked()).hasSize(1);

        upstream.last().opens();
        router.requestData(bytes("two"), true);

        // What had to wait is written as it is; each part that comes later goes through.
        assertThat(stream().got()).containsExactly("go on", "head", "data one", "data two end");
    }

    @Test
    void whatAFilterPassesOnAtOnceDoesNotOvertakeWhatWaits() throws Exception {
        arrives("", "", false);
        router.requestData(bytes("a".repeat(40_000)), false);
        router.requestData(bytes("b".repeat(40_000)), false);
        onGoOn = () -> router.requestData(bytes("c"), true);

        upstream.last().opens();

        assertThat(up).containsExactly("stop", "go on");
        assertThat(stream().got())
                .containsExactly(
                        "go on", "head", "data " + "a".repeat(40_000), "data " + "b".repeat(40_000), "data c end");
    }

    @Test
    void whatAFilterPassesOnWhileTheRestIsWrittenComesBehindIt() throws Exception {
        arrives("", "", false);
        router.requestData(bytes("one"), false);
        router.requestData(bytes("two"), false);
        upstream.last().onData(stream -> {
            if (stream.got().contains("data one") && stream.got().size() == 3) {
                stream.takesMore(false);
                stream.takesMore(true);
            }
        });
        onGoOn = () -> router.requestData(bytes("three"), true);

        upstream.last().opens();

        assertThat(stream().got()).containsExactly("go on", "head", "data one", "data two", "data three end");
    }

    @Test
    void theAnswerGoesUpAsItComes() throws Exception {
        arrives("", "", true);
        upstream.last().opens();
        stream().answers(status("200"), false);
        stream().answers(bytes("m"), false);
        stream().ends(grpcStatus("0"));

        assertThat(up).containsExactly("head 200", "data m", "trailers 0");
        assertThat(exchange.isOver()).isTrue();
        assertThat(exchange.info().details).hasToString("via_upstream");
    }

    @Test
    void whoeverGoesAwayCancelsTheCall() throws Exception {
        arrives("", "", false);
        upstream.last().opens();
        router.cancel();

        assertThat(stream().got()).endsWith("reset CANCEL");
        assertThat(up).isEmpty();
    }

    @Test
    void aRequestThatIsNoCallIsGivenUpAsInEnvoy() throws Exception {
        arrives("", "", false);
        upstream.last().opens();
        exchange.info().format = CallFormat.HTTP;
        router.cancel();

        assertThat(stream().got()).endsWith("reset INTERNAL_ERROR");
    }

    @Test
    void anEndpointThatCannotBeReachedHasTheOtherOneAsked() throws Exception {
        arrives("", "", false);
        String first = upstream.last().host();
        upstream.last().fails();

        assertThat(upstream.asked()).hasSize(2);
        assertThat(upstream.last().host()).isNotEqualTo(first);
        upstream.last().opens();
        assertThat(stream().got()).containsExactly("go on", "head");
    }

    @Test
    void whereNoEndpointCanBeReachedTheCallFails() throws Exception {
        arrives("", "", true);
        upstream.last().fails();
        upstream.last().fails();

        assertThat(upstream.asked()).hasSize(2);
        assertThat(up).first().asString().startsWith("head 503");
        assertThat(exchange.info().details)
                .hasToString("upstream_reset_before_response_started{remote_connection_failure}");
    }

    @Test
    void aCallThatABackendMayHaveSeenIsNotSentAgain() throws Exception {
        arrives("", "", true);
        upstream.last().opens();
        stream().resets(UpstreamFailure.REMOTE_RESET, Http2Error.INTERNAL_ERROR);

        assertThat(upstream.asked()).hasSize(1);
        assertThat(up).first().asString().startsWith("head 503");
    }

    @Test
    void aStreamThatTheBackendRefusedIsSentAgainWithItsBody() throws Exception {
        arrives("", "", false);
        upstream.last().opens();
        router.requestData(bytes("one"), true);
        stream().resets(UpstreamFailure.REFUSED_STREAM, Http2Error.REFUSED_STREAM);
        upstream.last().opens();

        assertThat(upstream.asked()).hasSize(2);
        assertThat(stream().got()).containsExactly("go on", "head", "data one end");
        assertThat(up).isEmpty();
    }

    @Test
    void aStatusThatThePolicyNamesIsTriedAgainAfterAPause() throws Exception {
        arrives("retry { on = [unavailable], retries = 1, back-off { base = 25ms, max = 25ms } }", "", true);
        upstream.last().opens();
        stream().answers(grpcStatus("14").status("200"), true);
        assertThat(upstream.asked()).hasSize(1);
        assertThat(up).isEmpty();

        upstream.pass(Duration.ofMillis(25));
        assertThat(upstream.asked()).hasSize(2);
        upstream.last().opens();
        stream().answers(grpcStatus("14").status("200"), true);

        // The second one is the last.
        assertThat(up).containsExactly("head 200 end");
        assertThat(exchange.info().attempts).isEqualTo(2);
    }

    @Test
    void afterTheHeadNothingIsTriedAgain() throws Exception {
        arrives("retry { on = [reset, unavailable], retries = 3 }", "", true);
        upstream.last().opens();
        stream().answers(status("200"), false);
        stream().resets(UpstreamFailure.REMOTE_RESET, Http2Error.INTERNAL_ERROR);

        assertThat(upstream.asked()).hasSize(1);
        assertThat(up).containsExactly("head 200", "abort");
    }

    @Test
    void theTimeoutOfTheRouteRunsFromTheEndOfTheRequest() throws Exception {
        arrives("deadlines = off, response-timeout = 2s", "", false);
        upstream.last().opens();
        upstream.pass(Duration.ofSeconds(3));
        assertThat(up).isEmpty();

        router.requestData(bytes("one"), true);
        upstream.pass(Duration.ofMillis(1999));
        assertThat(up).isEmpty();
        upstream.pass(Duration.ofMillis(1));

        assertThat(up).first().asString().startsWith("head 504");
        assertThat(stream().got()).endsWith("reset CANCEL");
    }

    @Test
    void aTryThatTakesTooLongIsGivenUpForAnother() throws Exception {
        arrives(
                "retry { on = [reset], retries = 1, per-try-timeout = 1s, back-off { base = 25ms, max = 25ms } }",
                "",
                true);
        upstream.last().opens();
        ScriptedUpstream.Stream first = stream();
        upstream.pass(Duration.ofSeconds(1));
        assertThat(first.got()).endsWith("reset CANCEL");

        upstream.pass(Duration.ofMillis(25));
        upstream.last().opens();
        stream().answers(grpcStatus("0").status("200"), true);
        assertThat(up).containsExactly("head 200 end");
    }

    @Test
    void theClientIsHeldBackWhereTheBackendIs() throws Exception {
        arrives("", "", false);
        upstream.last().opens();
        stream().takesMore(false);
        stream().takesMore(false);
        stream().takesMore(true);

        assertThat(up).containsExactly("stop", "go on");
    }

    @Test
    void theBackendIsHeldBackWhereTheClientIs() throws Exception {
        arrives("", "", true);
        router.responseWritable(false);
        upstream.last().opens();
        router.responseWritable(true);

        assertThat(stream().got()).containsExactly("stop", "head end", "go on");
    }

    @Test
    void withoutARouteTheCallIsAnswered() throws Exception {
        routed = false;
        arrives("", "", true);

        assertThat(up).first().asString().startsWith("head 404");
        assertThat(exchange.info().details).hasToString("route_not_found");
    }

    @Test
    void oneCallTooManyIsRefused() throws Exception {
        arrives("", "breakers { normal { requests = 0 } }", true);

        assertThat(upstream.asked()).isEmpty();
        assertThat(up).first().asString().startsWith("head 503");
        assertThat(exchange.info().details).hasToString("upstream_reset_before_response_started{overflow}");
    }

    @Test
    void placesInTheCircuitBreakersAreGivenBack() throws Exception {
        arrives("", "", true);
        assertThat(upstream.clusters()
                        .get("backend")
                        .breakers()
                        .of(false)
                        .requests()
                        .active())
                .isEqualTo(1);
        upstream.last().opens();
        stream().answers(grpcStatus("0").status("200"), true);

        assertThat(upstream.clusters()
                        .get("backend")
                        .breakers()
                        .of(false)
                        .requests()
                        .active())
                .isZero();
    }
}
