package io.grpcweb.gateway.filter.ratelimit;

import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.HttpFilter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;

/** Takes tokens when a request arrives; where there is none, the request goes no further. */
final class LocalRateLimitFilter extends HttpFilter {
    private static final AsciiString LIMIT = AsciiString.cached("x-ratelimit-limit");
    private static final AsciiString REMAINING = AsciiString.cached("x-ratelimit-remaining");
    private static final AsciiString RESET = AsciiString.cached("x-ratelimit-reset");
    private static final AsciiString RETRY_AFTER = AsciiString.cached("retry-after");

    private final Exchange exchange;
    private final LocalRateLimitFactory limit;

    /** The bucket whose state the client may be told; null where none was asked. */
    private TokenBucket bucket;

    private boolean refused;

    LocalRateLimitFilter(Exchange exchange, LocalRateLimitFactory limit) {
        this.exchange = exchange;
        this.limit = limit;
    }

    @Override
    public void requestHead(Http2Headers head, boolean end) {
        Buckets.Taken taken = limit.take(exchange, head);
        bucket = taken == null ? null : taken.bucket();
        if (taken != null && !taken.allowed()) {
            refused = limit.enforces();
            if (refused) {
                exchange.reply(limit.refusal());
                return;
            }
            limit.unenforcedFields().apply(head, exchange.info());
        }
        lower().requestHead(head, end);
    }

    @Override
    public void responseHead(Http2Headers head, boolean end) {
        if (refused) {
            limit.refusalFields().apply(head, exchange.info());
        }
        if (bucket != null) {
            tell(limit.config().refusal(), head);
        }
        upper().responseHead(head, end);
    }

    private void tell(LocalRateLimit.Refusal told, Http2Headers head) {
        if (told.limitFields()) {
            head.add(LIMIT, Integer.toString(bucket.max()));
            head.add(REMAINING, Long.toString(bucket.remaining()));
            head.add(RESET, Long.toString(bucket.secondsToNext()));
        }
        long retry = told.retryAfter() && refused ? bucket.secondsToNext() : 0;
        if (retry > 0) {
            head.set(RETRY_AFTER, Long.toString(retry));
        }
    }
}
