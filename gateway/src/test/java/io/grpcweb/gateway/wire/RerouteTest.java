package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.filter.HoldingFilter;
import io.grpcweb.gateway.http.Details;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.ExchangeObserver;
import io.grpcweb.gateway.http.StreamInfo;
import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.BackendCall;
import io.grpcweb.gateway.testing.FilteredGateway;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.Http2Browser;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A filter that changes what the route was chosen by. */
class RerouteTest {
    private static final String PATH = "/wire.Service/Call";
    private static final String[] WEB = {"content-type", "application/grpc-web+proto"};

    private final ScriptedBackend one = new ScriptedBackend();
    private final ScriptedBackend other = new ScriptedBackend();
    private final BlockingQueue<StreamInfo> ended = new LinkedBlockingQueue<>();
    private String tenant = "b";

    private final class Tenant extends HoldingFilter {
        Tenant(Exchange exchange) {
            super(exchange, 0);
        }

        @Override
        protected void arrived(Http2Headers head, boolean end) {
            head.set("x-tenant", tenant);
            exchange().reroute();
            resume();
        }
    }

    private final FilteredGateway gateway = new FilteredGateway(
            "{ name = b, prefix = \"/\", match-headers = [{ name = x-tenant, exact = b }], cluster = other, timeout = 3s,"
                    + " headers { add-to-request = [\"x-route: b\"] } },"
                    + " { name = a, prefix = \"/wire\", match-headers = [{ name = x-tenant, invert = true }], cluster = one }",
            "clusters.one { endpoints = [\"127.0.0.1:" + one.port() + "\"] }\n"
                    + "clusters.other { endpoints = [\"127.0.0.1:" + other.port() + "\"] }\n",
            new ExchangeObserver() {
                @Override
                public void started(StreamInfo info) {}

                @Override
                public void ended(StreamInfo info) {
                    ended.add(info);
                }
            },
            calls -> (exchange, head) -> new Tenant(exchange));

    @AfterEach
    void stop() {
        gateway.close();
        one.close();
        other.close();
    }

    @Test
    void theNewRouteChoosesTheClusterAndWhatItChangesOfHeads() throws InterruptedException {
        other.on(PATH, seen -> seen.trailersOnly("grpc-status", "0"));
        try (Http2Browser browser = new Http2Browser(gateway.port())) {
            assertThat(browser.post(PATH, Frames.F3, WEB).status()).isEqualTo(200);
            assertThat(other.next().header("x-route")).isEqualTo("b");
            assertThat(one.others()).isEmpty();
        }
        StreamInfo info = ended.poll(10, TimeUnit.SECONDS);
        assertThat(info.routeName).isEqualTo("b");
        assertThat(info.cluster).isEqualTo("other");
    }

    @Test
    void itsDeadlineIsThatOfTheNewRoute() {
        other.on(PATH, BackendCall::awaitReset);
        try (Http2Browser browser = new Http2Browser(gateway.port())) {
            Answer answer = browser.post(PATH, Frames.F3, WEB);
            assertThat(answer.grpcStatus()).as(answer.toString()).isEqualTo("4");
        }
    }

    @Test
    void whereNoRouteFitsAnyMoreThereIsNone() throws InterruptedException {
        tenant = "nobody's";
        try (Http2Browser browser = new Http2Browser(gateway.port())) {
            Answer answer = browser.post(PATH, Frames.F3, WEB);
            assertThat(answer.grpcStatus()).as(answer.toString()).isEqualTo("12");
        }
        StreamInfo info = ended.poll(10, TimeUnit.SECONDS);
        assertThat(info.details).isSameAs(Details.NO_ROUTE);
        assertThat(info.cluster).isNull();
        assertThat(one.others()).isEmpty();
    }
}
