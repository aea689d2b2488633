package io.grpcweb.gateway.filter.router;

import io.grpcweb.gateway.config.RouteConfig.Forward;
import io.grpcweb.gateway.http.CallFormat;
import io.grpcweb.gateway.http.GrpcHeaders;
import io.grpcweb.gateway.http.GrpcStatus;
import io.grpcweb.gateway.http.GrpcTimeout;
import io.grpcweb.gateway.http.MediaType;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** How long a route waits for a response, and for that of each attempt (Envoy's router, finalTimeout). */
final class RouteTimeout {
    private static final AsciiString WHOLE = AsciiString.cached("x-envoy-upstream-rq-timeout-ms");
    private static final AsciiString PER_TRY = AsciiString.cached("x-envoy-upstream-rq-per-try-timeout-ms");
    private static final AsciiString EXPECTED = AsciiString.cached("x-envoy-expected-rq-timeout-ms");

    private RouteTimeout() {}

    /**
     * Sets the clocks, and tells the backend how long it may take. What a request that is trusted asks for comes before
     * what the route says.
     *
     * @param perTryNanos of the retry policy; zero means none
     * @param quiet whether the backend is told nothing
     */
    static void apply(Forward forward, Http2Headers head, long perTryNanos, RouterTimers timers, boolean quiet) {
        long whole = asked(head, WHOLE, of(forward, head));
        long perTry = asked(head, PER_TRY, perTryNanos);
        timers.route(whole);
        timers.perTry(whole > 0 && perTry >= whole ? 0 : perTry);
        if (!quiet && timers.expectedMillis() > 0) {
            head.set(EXPECTED, Long.toString(timers.expectedMillis()));
        }
    }

    private static long asked(Http2Headers head, AsciiString name, long otherwise) {
        CharSequence field = head.getAndRemove(name);
        int millis = field == null ? -1 : GrpcStatus.parse(field);
        return millis < 0 ? otherwise : TimeUnit.MILLISECONDS.toNanos(millis);
    }

    /** Nanoseconds; zero means for ever. The older {@code max_grpc_timeout} rewrites {@code grpc-timeout} as well. */
    static long of(Forward forward, Http2Headers head) {
        if (forward.streamLimits().isPresent()) {
            // Deadlines of the stream replace it altogether.
            return 0;
        }
        boolean grpc = MediaType.formatOf(head.get(HttpHeaderNames.CONTENT_TYPE)) == CallFormat.GRPC;
        if (forward.maxGrpcTimeout().isEmpty() || !grpc) {
            return forward.timeout().toNanos();
        }
        CharSequence sent = head.get(GrpcHeaders.TIMEOUT);
        long asked = sent == null ? 0 : Math.max(0, GrpcTimeout.parse(sent));
        long offset = forward.grpcTimeoutOffset().map(Duration::toNanos).orElse(0L);
        if (asked > offset) {
            asked -= offset;
        }
        long cap = forward.maxGrpcTimeout().get().toNanos();
        long nanos = cap > 0 && (asked == 0 || asked > cap) ? cap : asked;
        if (nanos > 0) {
            head.set(GrpcHeaders.TIMEOUT, GrpcTimeout.format(nanos));
        }
        return nanos;
    }
}
