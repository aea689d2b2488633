package io.grpcweb.gateway.filter.cors;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.Origin;
import io.grpcweb.gateway.config.StringMatch;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.FakeExchange;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.LocalReply;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The answer to a preflight is a local reply like any other: the filters below the one that makes it see it first. */
class PreflightAnswerTest {
    private final List<String> events = new ArrayList<>();
    private final Http2Headers head = new DefaultHttp2Headers(false)
            .method("OPTIONS")
            .set("origin", "https://app.example")
            .set("access-control-request-method", "POST");
    private final Exchange exchange = FakeExchange.of(head);
    private final HttpFilter filter = filter();

    PreflightAnswerTest() throws ConfigException {}

    private HttpFilter filter() {
        CorsPolicy policy = new CorsPolicy(
                List.of(new StringMatch.Exact("https://app.example", false)),
                "",
                "",
                "",
                Optional.empty(),
                "",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                1,
                0,
                Origin.NONE);
        HttpFilter cors = new CorsFilter(exchange, new CorsDecision(policy), new Unheard());
        HttpFilter above = new HttpFilter() {
            @Override
            public void responseHead(Http2Headers answer, boolean end) {
                LocalReply reply = exchange.localReply();
                events.add(answer.status() + " " + answer.get("access-control-allow-origin") + " " + end + " "
                        + (reply == null ? null : reply.details()));
                exchange.responseStarted(answer);
                exchange.end();
            }
        };
        HttpFilter below = new HttpFilter() {
            @Override
            public void responseHead(Http2Headers answer, boolean end) {
                events.add("passed below");
                super.responseHead(answer, end);
            }

            @Override
            public void cancel() {
                events.add("cancelled below");
            }
        };
        cors.under(above);
        below.under(cors);
        exchange.chain(above, below);
        return cors;
    }

    @Test
    void withoutABodyItIsAnsweredAtOnce() {
        filter.requestHead(head, true);
        assertThat(events).containsExactly("passed below", "200 https://app.example true cors_response");
        assertThat(exchange.info().details).hasToString("cors_response");
    }

    @Test
    void withABodyItIsAnsweredBehindIt() {
        filter.requestHead(head, false);
        filter.requestData(Unpooled.wrappedBuffer(new byte[5]), false);
        assertThat(events).isEmpty();
        assertThat(exchange.localReply()).isNull();
        filter.requestData(Unpooled.wrappedBuffer(new byte[5]), true);
        assertThat(events).containsExactly("passed below", "200 https://app.example true cors_response");
    }

    /** Nobody is told of what the filter decides. */
    private static final class Unheard implements CorsObserver {
        @Override
        public void allowed(CorsPolicy policy, boolean preflight) {}

        @Override
        public void refused(CorsPolicy policy, CharSequence origin, boolean preflight) {}

        @Override
        public void refusedHeader(CorsPolicy policy, CharSequence origin, String header) {}
    }
}
