package io.grpcweb.gateway.telemetry;

import io.grpcweb.gateway.http.GrpcHeaders;
import io.grpcweb.gateway.http.GrpcStatus;
import io.grpcweb.gateway.http.MethodPath;
import io.grpcweb.gateway.http.StreamInfo;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which methods have meters of their own: those that a backend has answered as its own, up to a limit. Calls of all others
 * share one set, so that a stranger who invents paths makes no series.
 */
final class MethodTable {
    private static final int MAX_METHODS = 500;

    private final MeterRegistry registry;
    private final Map<String, MethodMeters> byPath = new ConcurrentHashMap<>();
    private final MethodMeters others;

    MethodTable(MeterRegistry registry) {
        this.registry = registry;
        this.others = new MethodMeters(registry, "other", "other");
    }

    /** The meters for an exchange that has ended. */
    MethodMeters of(StreamInfo info) {
        // As the backend is asked for it: a prefix that the route takes off is no part of the service's name.
        CharSequence asked = info.requestHeaders == null ? null : info.requestHeaders.path();
        if (asked == null) {
            return others;
        }
        String path = asked.toString();
        MethodMeters known = byPath.get(path);
        return known != null ? known : isKnownToBackend(info) ? admit(path) : others;
    }

    /** The meters with these labels; those of the others where no method has them. */
    MethodMeters named(String service, String method) {
        return byPath.getOrDefault('/' + service + '/' + method, others);
    }

    /** Whether these are the meters of one method. */
    boolean isKnown(MethodMeters meters) {
        return meters != others;
    }

    /** A status that the backend itself sent, other than that there is no such method. */
    private static boolean isKnownToBackend(StreamInfo info) {
        if (info.firstUpstreamRxNanos == 0 || info.hasFlags()) {
            return false;
        }
        CharSequence sent = status(info.responseTrailers);
        if (sent == null) {
            sent = status(info.responseHeaders);
        }
        int status = sent == null ? -1 : GrpcStatus.parse(sent);
        return status >= 0 && status != GrpcStatus.UNIMPLEMENTED.code();
    }

    private static CharSequence status(Http2Headers fields) {
        return fields == null ? null : fields.get(GrpcHeaders.STATUS);
    }

    private MethodMeters admit(String path) {
        int slash = path.lastIndexOf('/');
        if (byPath.size() >= MAX_METHODS || !MethodPath.isUsual(path)) {
            return others;
        }
        return byPath.computeIfAbsent(
                path, p -> new MethodMeters(registry, p.substring(1, slash), p.substring(slash + 1)));
    }
}
