package io.grpcweb.gateway.filter.bandwidthlimit;

import io.grpcweb.gateway.filter.ByteRate;
import io.grpcweb.gateway.filter.Chance;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.HttpFilterFactory;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.function.LongSupplier;

/** A limit: one allowance for each direction, and the filters that share them. */
final class BandwidthLimitFactory implements HttpFilterFactory {
    private final BandwidthLimitConfig config;
    private final BandwidthStats stats;
    private final LongSupplier nanoTime;
    private final Bandwidth request;
    private final Bandwidth response;
    private final AsciiString requestDelay;
    private final AsciiString requestHeld;
    private final AsciiString responseDelay;
    private final AsciiString responseHeld;

    BandwidthLimitFactory(BandwidthLimitConfig config, BandwidthStats stats, LongSupplier nanoTime) {
        this.config = config;
        this.stats = stats;
        this.nanoTime = nanoTime;
        // Both directions share what there is, as in Envoy.
        Bandwidth shared = config.kibPerSecond().isPresent() ? bandwidth() : null;
        this.request = config.direction().request() ? shared : null;
        this.response = config.direction().response() ? shared : null;
        this.requestDelay = trailer("bandwidth-request-delay-ms");
        this.requestHeld = trailer("bandwidth-request-filter-delay-ms");
        this.responseDelay = trailer("bandwidth-response-delay-ms");
        this.responseHeld = trailer("bandwidth-response-filter-delay-ms");
    }

    private Bandwidth bandwidth() {
        long slice = config.slice().toNanos();
        return new Bandwidth(new ByteRate(config.kibPerSecond().getAsLong() * 1024, slice, nanoTime), slice);
    }

    private AsciiString trailer(String name) {
        String prefix = config.trailerPrefix();
        return AsciiString.cached(prefix.isEmpty() ? name : prefix + "-" + name);
    }

    @Override
    public HttpFilter create(Exchange exchange, Http2Headers head) {
        return (request != null || response != null) && Chance.happens(config.enabled())
                ? new BandwidthLimitFilter(exchange, this)
                : null;
    }

    @Override
    public boolean keepsState() {
        return true;
    }

    /** For bodies of requests; null for no limit. */
    Bandwidth request() {
        return request;
    }

    /** For bodies of responses; null for no limit. */
    Bandwidth response() {
        return response;
    }

    BandwidthStats stats() {
        return stats;
    }

    LongSupplier nanoTime() {
        return nanoTime;
    }

    /** Says for how long bodies were held, if the configuration wants that; either may be null. */
    void tell(Http2Headers trailers, LimitedWay asked, LimitedWay answered) {
        if (config.trailers()) {
            put(trailers, requestDelay, requestHeld, asked);
            put(trailers, responseDelay, responseHeld, answered);
        }
    }

    private static void put(Http2Headers trailers, AsciiString delay, AsciiString held, LimitedWay way) {
        if (way != null && way.durationMillis() > 0) {
            trailers.set(delay, Long.toString(way.durationMillis()));
        }
        if (way != null && way.heldMillis() > 0) {
            trailers.set(held, Long.toString(way.heldMillis()));
        }
    }
}
