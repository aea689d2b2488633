package io.grpcweb.gateway.filter.reflection;

import com.google.protobuf.Descriptors.ServiceDescriptor;
import io.grpcweb.gateway.config.RouteConfig;
import io.grpcweb.gateway.config.RouteConfig.ClusterChoice;
import io.grpcweb.gateway.config.RouteConfig.Forward;
import io.grpcweb.gateway.config.RouteConfig.PathMatch;
import io.grpcweb.gateway.http.KnownServices;
import io.grpcweb.gateway.http.SideCalls;
import io.grpcweb.gateway.schema.ProtoSchema;
import io.netty.util.concurrent.EventExecutor;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Which services backends have, for the routes that take them. A backend is asked before the ports of its routes open, and again by calls
 * when what it told is a minute old, or a second after it did not tell; what it told last holds meanwhile. Shared by all event loops.
 */
public final class ReflectedServices implements KnownServices {
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final EventExecutor loop;

    /** As many as routes have ever named. */
    private final ReflectedClusters<Set<String>> backends;

    /**
     * Knows nothing yet.
     *
     * @param loop an event loop of the gateway, on which backends are asked
     */
    public ReflectedServices(SideCalls calls, EventExecutor loop, LongSupplier nanoTime) {
        this.loop = loop;
        this.backends =
                new ReflectedClusters<>(calls, ReflectedServices::names, nanoTime, PAUSE_NANOS, Integer.MAX_VALUE);
    }

    /** The clusters that these routes ask for their services. */
    public static Set<String> clusters(RouteConfig routes) {
        return routes.virtualHosts().stream()
                .flatMap(host -> host.routes().stream())
                .filter(route -> route.match().path() instanceof PathMatch.Reflected)
                .map(route -> route.action() instanceof Forward forward ? forward.cluster() : null)
                .filter(ClusterChoice.Named.class::isInstance)
                .map(choice -> ((ClusterChoice.Named) choice).cluster())
                .collect(Collectors.toSet());
    }

    private static Set<String> names(ProtoSchema schema) {
        return schema.services().stream().map(ServiceDescriptor::getFullName).collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Has a backend asked, before the first call needs it.
     *
     * @param on the caller's event loop
     * @param done is run once, whether it has told or not
     */
    public void begin(String cluster, EventExecutor on, Runnable done) {
        ReflectedSchema<Set<String>> services = backends.of(cluster).schema();
        if (services.known() == null) {
            services.await(on, done);
        } else {
            done.run();
        }
    }

    @Override
    public Answer of(String cluster, String path) {
        int slash = path.indexOf('/', 1);
        if (slash < 2 || path.charAt(0) != '/' || path.indexOf('/', slash + 1) >= 0) {
            return Answer.ELSEWHERE;
        }
        Set<String> known = known(backends.of(cluster));
        if (known == null) {
            return Answer.UNKNOWN;
        }
        return known.contains(path.substring(1, slash)) ? Answer.HERE : Answer.ELSEWHERE;
    }

    private Set<String> known(ReflectedClusters<Set<String>>.Asked backend) {
        if (!backend.rests()) {
            backend.rest();
            loop.execute(() -> backend.schema().refresh(loop));
        }
        return backend.schema().known();
    }
}
