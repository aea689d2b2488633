package io.grpcweb.gateway.route;

import io.grpcweb.gateway.config.RouteConfig.StreamLimits;
import io.grpcweb.gateway.http.CallFormat;
import io.grpcweb.gateway.http.ConnectHeaders;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.GrpcHeaders;
import io.grpcweb.gateway.http.GrpcTimeout;
import io.netty.handler.codec.http2.Http2Headers;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How long a stream may live on a route with {@code max_stream_duration}, and what its backend is told of that (Envoy's
 * connection manager, refreshDurationTimeout): a deadline of the caller where the route obeys it, else what the route or the
 * listener says.
 */
final class StreamDeadline {
    private StreamDeadline() {}

    /**
     * Sets the clock of the stream, and {@code grpc-timeout}.
     *
     * @param listenerMax the limit of the listener; zero means none
     */
    static void apply(Exchange exchange, Http2Headers head, StreamLimits limits, Duration listenerMax) {
        long asked = limits.grpcHeaderMax().isPresent() ? asked(exchange.info().format, head) : -1;
        if (asked >= 0) {
            obey(asked, exchange, head, limits, listenerMax);
        } else {
            limit(exchange, head, limits, listenerMax);
        }
    }

    /** The deadline that the caller has sent, in nanoseconds; negative where there is none. */
    private static long asked(CallFormat format, Http2Headers head) {
        boolean isConnect = format == CallFormat.CONNECT;
        CharSequence sent = head.get(isConnect ? ConnectHeaders.TIMEOUT : GrpcHeaders.TIMEOUT);
        if (sent == null) {
            return -1;
        }
        return isConnect ? ConnectHeaders.timeout(sent) : GrpcTimeout.parse(sent);
    }

    private static void obey(
            long asked, Exchange exchange, Http2Headers head, StreamLimits limits, Duration listenerMax) {
        long cap = cap(limits, listenerMax);
        long nanos = cap > 0 ? Math.min(asked, cap) : asked;
        long left = Math.max(0, nanos - limits.grpcHeaderOffset().toNanos());
        CallFormat format = exchange.info().format;
        if (format == CallFormat.GRPC) {
            head.set(GrpcHeaders.TIMEOUT, GrpcTimeout.format(left));
        } else if (nanos < asked && format == CallFormat.CONNECT) {
            // The backend should know when its response is no longer wanted.
            head.set(ConnectHeaders.TIMEOUT, Long.toString(TimeUnit.NANOSECONDS.toMillis(nanos)));
        } else if (nanos < asked) {
            head.set(GrpcHeaders.TIMEOUT, GrpcTimeout.format(nanos));
        }
        exchange.timer().callerDeadline(left);
    }

    /** What the route or the listener says, where the caller has no say. */
    private static void limit(Exchange exchange, Http2Headers head, StreamLimits limits, Duration listenerMax) {
        boolean isNative = exchange.info().format == CallFormat.GRPC;
        Duration max = limits.max().orElse(listenerMax);
        if (!max.isZero()) {
            if (isNative) {
                head.set(GrpcHeaders.TIMEOUT, GrpcTimeout.format(max.toNanos()));
            }
            exchange.timer().streamLimit(max.toNanos());
        } else if (isNative && !listenerMax.isZero()) {
            // The route has lifted the limit of the listener.
            head.remove(GrpcHeaders.TIMEOUT);
        }
    }

    /** The latest deadline that a caller may ask for; zero means none. */
    private static long cap(StreamLimits limits, Duration listenerMax) {
        long route = limits.grpcHeaderMax().orElse(Duration.ZERO).toNanos();
        long listener = limits.beyondListener() ? 0 : listenerMax.toNanos();
        return route > 0 && listener > 0 ? Math.min(route, listener) : Math.max(route, listener);
    }
}
