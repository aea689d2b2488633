package io.grpcweb.gateway.filter.router;

import io.grpcweb.gateway.config.RouteConfig.RetryPolicy;
import io.grpcweb.gateway.files.FileFolders;
import io.grpcweb.gateway.filter.SharedParts;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.HttpFilterFactory;
import io.grpcweb.gateway.stats.RouterStats;
import io.grpcweb.gateway.upstream.pool.ClusterManager;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.IdentityHashMap;
import java.util.Optional;
import java.util.function.Supplier;

/** Makes the last filter of each exchange, which forwards it to a cluster. */
final class RouterFactory implements HttpFilterFactory {
    /** Policies of routes that were replaced are forgotten with all others when there are so many. */
    private static final int REMEMBERED = 10_000;

    private final ClusterManager clusters;
    private final boolean suppressEnvoyHeaders;
    private final RouterStats stats;
    private final SharedParts shared;
    private volatile IdentityHashMap<RetryPolicy, RetryConditions> conditions = new IdentityHashMap<>();

    /** Makes what tells similar methods; null where nobody is told. */
    private final Supplier<NearMisses> nearMisses;

    private final Supplier<MethodNames> describe;

    /** Null before it is first asked for. */
    private volatile Optional<MethodNames> described;

    /**
     * Prepares for a chain.
     *
     * @param nearMisses makes what tells similar methods, when it is first needed
     * @param describe says which methods the configuration of the chain knows, or null for none
     */
    RouterFactory(
            ClusterManager clusters,
            RouterConfig settings,
            RouterStats stats,
            SharedParts shared,
            Supplier<NearMisses> nearMisses,
            Supplier<MethodNames> describe) {
        this.describe = describe;
        this.nearMisses = settings.nearMisses() ? nearMisses : null;
        this.shared = shared;
        this.stats = stats;
        this.clusters = clusters;
        this.suppressEnvoyHeaders = settings.suppressEnvoyHeaders();
    }

    @Override
    public HttpFilter create(Exchange exchange, Http2Headers head) {
        return new Router(exchange, this, clusters, suppressEnvoyHeaders);
    }

    /** What is counted for the listener's prefix. */
    RouterStats stats() {
        return stats;
    }

    /** Who tells similar methods; null where nobody does. */
    NearMisses nearMisses() {
        return nearMisses == null ? null : shared.of(NearMisses.class, nearMisses);
    }

    /** The methods that the configuration of the chain knows; null for none. Worked out when it is first asked for. */
    MethodNames described() {
        Optional<MethodNames> known = described;
        if (known == null) {
            known = Optional.ofNullable(describe.get());
            described = known;
        }
        return known.orElse(null);
    }

    /** Who answers with files. */
    FileFolders files() {
        return shared.of(FileFolders.class, FileFolders::new);
    }

    /** What a policy retries on. */
    RetryConditions conditions(RetryPolicy policy) {
        RetryConditions known = conditions.get(policy);
        return known == null ? learn(policy) : known;
    }

    private synchronized RetryConditions learn(RetryPolicy policy) {
        IdentityHashMap<RetryPolicy, RetryConditions> more =
                conditions.size() < REMEMBERED ? new IdentityHashMap<>(conditions) : new IdentityHashMap<>();
        RetryConditions of = RetryConditions.of(policy);
        more.put(policy, of);
        conditions = more;
        return of;
    }
}
