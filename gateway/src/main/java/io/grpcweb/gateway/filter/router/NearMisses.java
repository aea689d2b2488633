package io.grpcweb.gateway.filter.router;

import io.grpcweb.gateway.config.RouteConfig;
import io.grpcweb.gateway.filter.reflection.ReflectedClusters;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.GrpcHeaders;
import io.grpcweb.gateway.http.PercentEncoding;
import io.grpcweb.gateway.http.SideCalls;
import io.grpcweb.gateway.http.StreamInfo;
import io.grpcweb.gateway.telemetry.Telemetry;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Says what a caller may have meant whose method the backend does not have: the backend is asked for its methods by reflection, and
 * only where its own message says no more than that. Where it does not tell, the descriptors that the configuration names take the place
 * of what it has. Shared by all event loops.
 */
final class NearMisses {
    /** How long a response waits for what the backend says of itself. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** What libraries of gRPC say where they do not name the method. */
    private static final List<String> USUAL = List.of(
            "",
            "method not found!",
            "method is unimplemented.",
            "service is unimplemented.",
            "method not found",
            "unimplemented");

    private final Telemetry telemetry;
    private final ReflectedClusters<MethodNames> clusters;

    NearMisses(SideCalls calls, Telemetry telemetry, LongSupplier nanoTime) {
        this.telemetry = telemetry;
        this.clusters = new ReflectedClusters<>(calls, MethodNames::of, nanoTime);
    }

    /**
     * Adds a similar method to a response.
     *
     * @param path that was called at the backend
     * @param described the methods that the configuration knows; null for none
     * @param head of a Trailers-Only response with status 12; its message may be changed
     * @param then is run once, at once or within a second, unless it is forgotten
     * @return forgets about it
     */
    Runnable explain(Exchange exchange, String path, MethodNames described, Http2Headers head, Runnable then) {
        if (!saysNoMore(head, path)) {
            then.run();
            return null;
        }
        ReflectedClusters<MethodNames>.Asked asked = clusters.of(exchange.info().cluster);
        Waiting waiting = new Waiting(exchange, path, described, head, asked, then);
        if (asked.schema().known() == null && asked.rests()) {
            waiting.told();
            return null;
        }
        return waiting.begin();
    }

    private static boolean saysNoMore(Http2Headers head, String path) {
        CharSequence sent = head.get(GrpcHeaders.MESSAGE);
        String message = sent == null ? "" : PercentEncoding.decode(sent);
        int slash = path.indexOf('/', 1);
        return USUAL.contains(message.toLowerCase(Locale.ROOT).strip())
                || slash > 1 && message.contains(path.substring(1, slash));
    }

    /** A response that waits. */
    private final class Waiting {
        private final Exchange exchange;
        private final String path;
        private final MethodNames described;
        private final Http2Headers head;
        private final ReflectedClusters<MethodNames>.Asked asked;
        private final Runnable then;
        private Runnable forget;
        private Future<?> clock;
        private boolean over;

        Waiting(
                Exchange exchange,
                String path,
                MethodNames described,
                Http2Headers head,
                ReflectedClusters<MethodNames>.Asked asked,
                Runnable then) {
            this.exchange = exchange;
            this.path = path;
            this.described = described;
            this.head = head;
            this.asked = asked;
            this.then = then;
        }

        /** Null where it was over at once. */
        Runnable begin() {
            if (asked.schema().known() != null) {
                asked.schema().refresh(exchange.executor());
                told();
                return null;
            }
            forget = asked.schema().await(exchange.executor(), this::told);
            if (over) {
                return null;
            }
            clock = exchange.executor().schedule(this::told, PATIENCE_NANOS, TimeUnit.NANOSECONDS);
            return this::end;
        }

        private void end() {
            over = true;
            if (forget != null) {
                forget.run();
            }
            if (clock != null) {
                clock.cancel(false);
            }
        }

        private void told() {
            if (over) {
                return;
            }
            end();
            MethodNames names = asked.schema().known();
            if (names != null) {
                names.missing(path).ifPresent(this::tell);
            } else {
                if (!asked.rests()) {
                    asked.rest();
                }
                guess();
            }
            then.run();
        }

        /** The configuration need not know all that the backend has, so that what it lacks says nothing. */
        private void guess() {
            if (described != null) {
                described
                        .missing(path)
                        .filter(miss -> miss.similar().isPresent())
                        .ifPresent(this::tell);
            }
        }

        private void tell(MethodNames.Miss miss) {
            StreamInfo info = exchange.info();
            telemetry.unknownMethod(info.cluster, miss.text());
            if (miss.similar().map(this::isReachable).orElse(true)) {
                head.set(GrpcHeaders.MESSAGE, PercentEncoding.encode(miss.text()));
            }
        }

        /** Whether the caller could call it by the same route; what else a backend has is none of its business. */
        private boolean isReachable(String similar) {
            String called = exchange.info().originalPath;
            if (!called.endsWith(path) || exchange.route() == null) {
                return false;
            }
            String wanted = called.substring(0, called.length() - path.length()) + similar;
            RouteConfig.PathMatch match = exchange.route().match().path();
            return match instanceof RouteConfig.PathMatch.Reflected
                    || match instanceof RouteConfig.PathMatch.Prefix prefix && wanted.startsWith(prefix.prefix())
                    || match instanceof RouteConfig.PathMatch.SeparatedPrefix whole
                            && wanted.startsWith(whole.prefix() + "/");
        }
    }
}
