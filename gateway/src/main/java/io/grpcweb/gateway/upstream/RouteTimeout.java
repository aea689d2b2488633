package io.grpcweb.gateway.upstream;

import io.grpcweb.gateway.config.RouteConfig.Forward;
import io.grpcweb.gateway.http.CallFormat;
import io.grpcweb.gateway.http.GrpcHeaders;
import io.grpcweb.gateway.http.GrpcTimeout;
import io.grpcweb.gateway.http.MediaType;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import java.time.Duration;

/** How long a route waits from the end of a request to the end of its answer (Envoy's router, finalTimeout). */
final class RouteTimeout {
    private RouteTimeout() {}

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
        long cap = forward.maxGrpcTimeout().get().toNanos();
        long nanos = cap > 0 && (asked == 0 || asked > cap) ? cap : asked;
        long offset = forward.grpcTimeoutOffset().map(Duration::toNanos).orElse(0L);
        if (nanos > offset) {
            nanos -= offset;
        }
        if (nanos > 0) {
            head.set(GrpcHeaders.TIMEOUT, GrpcTimeout.format(nanos));
        }
        return nanos;
    }
}
