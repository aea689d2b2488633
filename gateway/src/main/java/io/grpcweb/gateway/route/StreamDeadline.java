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
        boolean isConnect = exchange.info().format == CallFormat.CONNECT;
        CharSequence sent = head.get(isConnect ? ConnectHeaders.TIMEOUT : GrpcHeaders.TIMEOUT);
        long asked = sent == null || limits.grpcHeaderMax().isEmpty()
                ? -1
                : isConnect ? ConnectHeaders.timeout(sent) : GrpcTimeout.parse(sent);
        boolean isNative = exchange.info().format == CallFormat.GRPC;
        if (asked >= 0) {
            long cap = cap(limits, listenerMax);
            long nanos = cap > 0 ? Math.min(asked, cap) : asked;
            long left = Math.max(0, nanos - limits.grpcHeaderOffset().toNanos());
            if (isNative) {
                head.set(GrpcHeaders.TIMEOUT, GrpcTimeout.format(left));
            } else if (nanos < asked) {
                // The backend should know when its response is no longer wanted.
                if (isConnect) {
                    head.set(ConnectHeaders.TIMEOUT, Long.toString(TimeUnit.NANOSECONDS.toMillis(nanos)));
                } else {
                    head.set(GrpcHeaders.TIMEOUT, GrpcTimeout.format(nanos));
                }
            }
            exchange.timer().callerDeadline(left);
            return;
        }
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
