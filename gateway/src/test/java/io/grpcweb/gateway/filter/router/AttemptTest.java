package io.grpcweb.gateway.filter.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.FakeExchange;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.upstream.pool.Attempt;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AttemptTest {
    private final List<String> answered = new ArrayList<>();
    private Exchange exchange;

    /** The uppermost room; it fails at the first part of a body. */
    private final class Fragile extends HttpFilter {
        @Override
        public void responseHead(Http2Headers head, boolean end) {
            answered.add(head.status().toString());
            exchange.responseStarted(head);
        }

        @Override
        public void responseData(ByteBuf data, boolean end) {
            data.release();
            if (!exchange.isResponseStarted()) {
                throw new IllegalStateException("a fault on the way up");
            }
            exchange.end();
        }
    }

    @Test
    void aFaultOnTheWayUpStaysWithItsExchange() throws Exception {
        exchange = FakeExchange.of(new DefaultHttp2Headers(false));
        Router router = new Router(exchange, null, null, false);
        HttpFilter top = new Fragile();
        router.under(top);
        exchange.chain(top, router);

        // The connection to the backend, which serves other calls, sees no exception.
        new Attempt(router, null, null).data(Unpooled.wrappedBuffer(new byte[5]), false);

        assertThat(answered).containsExactly("500");
        assertThat(exchange.isOver()).isTrue();
        assertThat(exchange.info().details).hasToString("gateway_fault");
    }
}
