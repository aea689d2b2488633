package io.grpcweb.gateway.filter.ratelimit;

import io.grpcweb.gateway.filter.Chance;
import io.grpcweb.gateway.filter.descriptors.Descriptor;
import io.grpcweb.gateway.filter.descriptors.Descriptors;
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
import java.util.function.LongSupplier;

/** A limit: its buckets, and the filters that take tokens from them. */
final class LocalRateLimitFactory implements HttpFilterFactory {
    /** The text of a refusal, and its details in the access log. */
    private static final String REFUSED = "local_rate_limited";

    private static final Details DETAILS = Details.of(REFUSED);

    private final LocalRateLimit config;
    private final Descriptors descriptors;
    private final LongSupplier clock;
    private final Buckets buckets;
    private final HeaderEdit refusalFields;
    private final HeaderEdit unenforcedFields;
    private final LocalRateLimitStats stats;

    /** The same buckets for all exchanges that meet this factory, or for all of a connection. */
    LocalRateLimitFactory(
            LocalRateLimit config,
            Descriptors descriptors,
            Substitution.Compiler compiler,
            LocalRateLimitStats stats,
            LongSupplier nanoTime) {
        this.config = config;
        this.descriptors = descriptors;
        this.clock = nanoTime;
        this.buckets = new Buckets(config, nanoTime);
        this.refusalFields = new HeaderEdit(config.refusal().add(), List.of(), compiler);
        this.unenforcedFields = new HeaderEdit(config.addUnenforced(), List.of(), compiler);
        this.stats = stats;
    }

    @Override
    public HttpFilter create(Exchange exchange, Http2Headers head) {
        boolean idle =
                config.bucket().isEmpty() && config.counting().descriptors().isEmpty();
        return idle || config.enabled() <= 0 ? null : new LocalRateLimitFilter(exchange, this);
    }

    @Override
    public boolean keepsState() {
        return true;
    }

    LocalRateLimit config() {
        return config;
    }

    HeaderEdit refusalFields() {
        return refusalFields;
    }

    HeaderEdit unenforcedFields() {
        return unenforcedFields;
    }

    /** Takes tokens, and counts what came of it; null where the request does not count. */
    Buckets.Taken take(Exchange exchange, Http2Headers head) {
        if (!Chance.happens(config.enabled())) {
            return null;
        }
        stats.enabled.increment();
        Buckets.Taken taken = buckets(exchange).take(descriptors(exchange, head));
        (taken.allowed() && !taken.shadowed() ? stats.ok : stats.rateLimited).increment();
        if (taken.shadowed()) {
            stats.shadowMode.increment();
        }
        return taken;
    }

    private Buckets buckets(Exchange exchange) {
        return config.perConnection()
                ? exchange.info().connection.parts().of(this, Buckets.class, () -> new Buckets(config, clock))
                : buckets;
    }

    private List<Descriptor> descriptors(Exchange exchange, Http2Headers head) {
        LocalRateLimit.Counting counting = config.counting();
        if (counting.descriptors().isEmpty()) {
            return List.of();
        }
        return counting.limits().isEmpty()
                ? descriptors.ofRoute(exchange, head, counting.hostLimits(), counting.stage(), false, false)
                : descriptors.of(counting.limits(), exchange, head, false);
    }

    /** Whether a request over the limit is refused. */
    boolean enforces() {
        boolean refused = Chance.happens(config.enforced());
        if (refused) {
            stats.enforced.increment();
        }
        return refused;
    }

    LocalReply refusal() {
        GrpcStatus grpc = config.refusal().resourceExhausted()
                ? GrpcStatus.RESOURCE_EXHAUSTED
                : GrpcStatus.fromHttp(config.refusal().status());
        return new LocalReply(
                config.refusal().status(), grpc.code(), REFUSED, ResponseFlag.RATE_LIMITED, DETAILS, List.of());
    }
}
