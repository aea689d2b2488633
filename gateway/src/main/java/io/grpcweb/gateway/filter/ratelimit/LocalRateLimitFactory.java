package io.grpcweb.gateway.filter.ratelimit;

import io.grpcweb.gateway.http.Details;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.GrpcStatus;
import io.grpcweb.gateway.http.HeaderEdit;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.HttpFilterFactory;
import io.grpcweb.gateway.http.LocalReply;
import io.grpcweb.gateway.http.ResponseFlag;
import io.grpcweb.gateway.http.Substitution;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;

/** A limit: one bucket, and the filters that take a token from it. */
final class LocalRateLimitFactory implements HttpFilterFactory {
    /** The text of a refusal, and its details in the access log. */
    private static final String REFUSED = "local_rate_limited";

    private static final Details DETAILS = Details.of(REFUSED);

    private final LocalRateLimit config;
    private final TokenBucket bucket;
    private final HeaderEdit fields;
    private final LocalRateLimitStats stats;

    /** One bucket for all exchanges that meet this factory. */
    LocalRateLimitFactory(
            LocalRateLimit config, Substitution.Compiler compiler, LocalRateLimitStats stats, LongSupplier nanoTime) {
        this.config = config;
        this.bucket = config.bucket().map(one -> new TokenBucket(one, nanoTime)).orElse(null);
        this.fields = new HeaderEdit(config.responseHeaders(), List.of(), compiler);
        this.stats = stats;
    }

    @Override
    public HttpFilter create(Exchange exchange, Http2Headers head) {
        return bucket == null || config.enabled() <= 0 ? null : new LocalRateLimitFilter(exchange, this);
    }

    @Override
    public boolean keepsState() {
        return true;
    }

    /** Takes a token, and counts what came of it; true where the request is to be refused. */
    boolean refuses() {
        if (!happens(config.enabled())) {
            return false;
        }
        stats.enabled.increment();
        if (bucket.take()) {
            stats.ok.increment();
            return false;
        }
        stats.rateLimited.increment();
        if (!happens(config.enforced())) {
            return false;
        }
        stats.enforced.increment();
        return true;
    }

    LocalReply refusal() {
        GrpcStatus grpc = config.resourceExhausted() ? GrpcStatus.RESOURCE_EXHAUSTED : GrpcStatus.UNAVAILABLE;
        return new LocalReply(config.status(), grpc.code(), REFUSED, ResponseFlag.RATE_LIMITED, DETAILS, List.of());
    }

    HeaderEdit fields() {
        return fields;
    }

    private static boolean happens(double share) {
        return share >= 1 || (share > 0 && ThreadLocalRandom.current().nextDouble() < share);
    }
}
