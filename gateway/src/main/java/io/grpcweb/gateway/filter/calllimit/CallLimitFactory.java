package io.grpcweb.gateway.filter.calllimit;

import io.grpcweb.gateway.http.Details;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.GrpcStatus;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.HttpFilterFactory;
import io.grpcweb.gateway.http.LocalReply;
import io.grpcweb.gateway.http.ResponseFlag;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A limit, and the calls in flight that it counts; all event loops share it. */
final class CallLimitFactory implements HttpFilterFactory {
    private final int most;
    private final LocalReply refusal;
    private final CallLimitStats stats;
    private final AtomicInteger inFlight = new AtomicInteger();

    CallLimitFactory(CallLimitConfig config, CallLimitStats stats) {
        this.most = config.most();
        this.refusal = new LocalReply(
                config.status(),
                GrpcStatus.RESOURCE_EXHAUSTED.code(),
                "too many calls at a time",
                ResponseFlag.RATE_LIMITED,
                Details.of("call_limit"),
                List.of());
        this.stats = stats;
    }

    @Override
    public HttpFilter create(Exchange exchange, Http2Headers head) {
        return new CallLimitFilter(exchange);
    }

    @Override
    public boolean keepsState() {
        return true;
    }

    /** Takes a place for one call, until the call is over. */
    private final class CallLimitFilter extends HttpFilter {
        private final Exchange exchange;
        private boolean counted;

        CallLimitFilter(Exchange exchange) {
            this.exchange = exchange;
        }

        @Override
        public void requestHead(Http2Headers head, boolean end) {
            if (inFlight.incrementAndGet() > most) {
                inFlight.decrementAndGet();
                stats.refused.increment();
                exchange.reply(refusal);
                return;
            }
            stats.allowed.increment();
            counted = true;
            exchange.atEnd(this::leave);
            lower().requestHead(head, end);
        }

        private void leave() {
            if (counted) {
                counted = false;
                inFlight.decrementAndGet();
            }
        }
    }
}
