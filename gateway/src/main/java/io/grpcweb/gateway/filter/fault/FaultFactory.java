package io.grpcweb.gateway.filter.fault;

import io.grpcweb.gateway.config.Metadata;
import io.grpcweb.gateway.config.RouteConfig;
import io.grpcweb.gateway.filter.Chance;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.FieldValues;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.HttpFilterFactory;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** The faults of one place of the configuration, and which of them a request meets. */
final class FaultFactory implements HttpFilterFactory {
    private static final AsciiString NODE = AsciiString.cached("x-envoy-downstream-service-node");

    private final FaultConfig config;
    private final FaultStats stats;
    private final LongSupplier nanoTime;

    FaultFactory(FaultConfig config, FaultStats stats, LongSupplier nanoTime) {
        this.config = config;
        this.stats = stats;
        this.nanoTime = nanoTime;
    }

    @Override
    public HttpFilter create(Exchange exchange, Http2Headers head) {
        boolean idle = config.delay().isEmpty()
                && config.abort().isEmpty()
                && config.slow().isEmpty();
        return idle ? null : new FaultFilter(exchange, this);
    }

    /** What an exchange with a fault has as its metadata. */
    Metadata metadata() {
        return config.metadata();
    }

    FaultStats stats() {
        return stats;
    }

    LongSupplier nanoTime() {
        return nanoTime;
    }

    /** Whether faults may be made of this request. */
    boolean concerns(Exchange exchange, Http2Headers head) {
        if (!config.upstreamCluster().isEmpty() && !config.upstreamCluster().equals(exchange.info().cluster)) {
            return false;
        }
        if (!config.downstreamNodes().isEmpty()) {
            CharSequence node = head.get(NODE);
            if (node == null || !config.downstreamNodes().contains(node.toString())) {
                return false;
            }
        }
        for (RouteConfig.HeaderMatch wanted : config.headers()) {
            if (!wanted.fits(FieldValues.joined(head, wanted.name()))) {
                return false;
            }
        }
        return true;
    }

    /** How long the request waits, in nanoseconds; 0 for not at all. */
    long delayNanos(Http2Headers head) {
        if (config.delay().isEmpty()) {
            return 0;
        }
        FaultConfig.Delay delay = config.delay().get();
        if (delay.fixed().isPresent()) {
            return Chance.happens(delay.share().share()) ? delay.fixed().get().toNanos() : 0;
        }
        int millis = FaultFields.delayMillis(head);
        return millis > 0 && Chance.happens(FaultFields.delayShare(head, delay.share()))
                ? TimeUnit.MILLISECONDS.toNanos(millis)
                : 0;
    }

    /** How the request is answered; null for not at all. */
    Aborted abort(Http2Headers head) {
        if (config.abort().isEmpty()) {
            return null;
        }
        FaultConfig.Abort abort = config.abort().get();
        boolean fixed = abort.httpStatus().isPresent() || abort.grpcStatus().isPresent();
        int http = fixed ? abort.httpStatus().orElse(-1) : FaultFields.abortStatus(head);
        int grpc = fixed ? abort.grpcStatus().orElse(-1) : FaultFields.abortGrpcStatus(head);
        if (http < 0 && grpc < 0) {
            return null;
        }
        double share = fixed ? abort.share().share() : FaultFields.abortShare(head, abort.share());
        return Chance.happens(share) ? new Aborted(http, grpc, abort.message()) : null;
    }

    /** A status to answer with; the HTTP status counts where there is one. */
    record Aborted(int httpStatus, int grpcStatus, String message) {}

    /** Bytes in a second of the response; 0 for any number. */
    long bytesPerSecond(Http2Headers head) {
        if (config.slow().isEmpty()) {
            return 0;
        }
        FaultConfig.Slow slow = config.slow().get();
        int kib = slow.kibPerSecond().orElseGet(() -> Math.max(0, FaultFields.kibPerSecond(head)));
        double share =
                slow.kibPerSecond().isPresent() ? slow.share().share() : FaultFields.rateShare(head, slow.share());
        return kib > 0 && Chance.happens(share) ? kib * 1024L : 0;
    }

    /** Whether one more exchange may have a fault. */
    boolean mayBegin() {
        if (config.mostActive().isPresent()
                && stats.active.value() >= config.mostActive().getAsInt()) {
            stats.overflow.increment();
            return false;
        }
        stats.active.increment();
        return true;
    }
}
