package io.grpcweb.gateway.grpcstats;

import io.grpcweb.gateway.config.FilterConfig.GrpcStats;
import io.grpcweb.gateway.http.CallFormat;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.HttpFilterFactory;
import io.grpcweb.gateway.stats.GrpcMethodStats;
import io.grpcweb.gateway.stats.Stats;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Set;

/** Makes rooms for gRPC and gRPC-Web calls. */
public final class GrpcStatsFactory implements HttpFilterFactory {
    private final GrpcStats config;
    private final Set<String> methods;
    private final Stats stats;

    public GrpcStatsFactory(GrpcStats config, Stats stats) {
        this.config = config;
        this.methods = Set.copyOf(config.services());
        this.stats = stats;
    }

    @Override
    public HttpFilter create(Exchange exchange, Http2Headers head) {
        return exchange.info().format == CallFormat.HTTP ? null : new GrpcStatsRoom(exchange, this);
    }

    /** The numbers of a method at a cluster, by its path. */
    GrpcMethodStats of(String cluster, String path) {
        int slash = path.indexOf('/', 1);
        int query = path.indexOf('?');
        String method = path.substring(Math.min(1, path.length()), query < 0 ? path.length() : query);
        boolean named = slash > 0 && (config.allMethods() || methods.contains(method));
        return stats.cluster(cluster)
                .grpc(named ? method.substring(0, slash - 1) : "", named ? method.substring(slash) : "");
    }
}
