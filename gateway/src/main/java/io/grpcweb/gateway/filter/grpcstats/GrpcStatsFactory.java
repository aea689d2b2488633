package io.grpcweb.gateway.filter.grpcstats;

import io.grpcweb.gateway.http.CallFormat;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.FilterState;
import io.grpcweb.gateway.http.FrameScanner;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.HttpFilterFactory;
import io.grpcweb.gateway.http.MethodPath;
import io.grpcweb.gateway.stats.GrpcMethodStats;
import io.grpcweb.gateway.stats.Stats;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Set;

/** Makes filters for gRPC and gRPC-Web calls. */
final class GrpcStatsFactory implements HttpFilterFactory {
    /** No name of a method is as long, with the query behind it. */
    private static final int MAX_LENGTH = 4096;

    static final String STATE = "envoy.filters.http.grpc_stats";

    private final GrpcStatsConfig config;
    private final Set<String> methods;
    private final Stats stats;

    GrpcStatsFactory(GrpcStatsConfig config, Stats stats) {
        this.config = config;
        this.methods = Set.copyOf(config.services());
        this.stats = stats;
    }

    @Override
    public HttpFilter create(Exchange exchange, Http2Headers head) {
        return exchange.info().format == CallFormat.HTTP ? null : new GrpcStatsFilter(exchange, this);
    }

    GrpcStatsConfig config() {
        return config;
    }

    /** The numbers of messages as Envoy keeps them: JSON leaves zeros out. */
    static FilterState.Entry state(FrameScanner request, FrameScanner response) {
        String asked = request.messages() == 0 ? "" : "\"requestMessageCount\":\"" + request.messages() + '"';
        String answered = response.messages() == 0 ? "" : "\"responseMessageCount\":\"" + response.messages() + '"';
        String comma = asked.isEmpty() || answered.isEmpty() ? "" : ",";
        return new FilterState.Entry(
                request.messages() + "," + response.messages(), "{" + asked + comma + answered + "}", false);
    }

    /**
     * The numbers of a method at a cluster, by its path. A method that the configuration does not name has numbers of its own
     * once a backend has answered it as its own; until then, and where its name is none, it is one of all others.
     *
     * @param admit whether the backend knows the method
     */
    GrpcMethodStats of(String cluster, String path, boolean admit) {
        GrpcMethodStats known = known(cluster, path);
        if (known != null) {
            return known;
        }
        String bare = bare(path);
        boolean named = admit && config.allMethods() && MethodPath.isUsual(bare);
        int slash = bare.indexOf('/', 1);
        return stats.cluster(cluster).grpc(named ? service(bare, slash) : "", named ? bare.substring(slash + 1) : "");
    }

    /** The numbers of its own that a method has already, or has by the configuration; null otherwise. */
    GrpcMethodStats known(String cluster, String path) {
        int slash = path.indexOf('/', 1);
        if (slash < 0 || path.length() > MAX_LENGTH) {
            return null;
        }
        String bare = bare(path);
        if (slash >= bare.length()) {
            return null;
        }
        String service = service(bare, slash);
        String method = bare.substring(slash + 1);
        return methods.contains(bare.substring(1))
                ? stats.cluster(cluster).grpc(service, method)
                : config.allMethods() ? stats.cluster(cluster).knownGrpc(service, method) : null;
    }

    private String service(String path, int slash) {
        String service = path.substring(1, slash);
        return config.dotless() ? service.replace('.', '_') : service;
    }

    private static String bare(String path) {
        int query = path.indexOf('?');
        return query < 0 ? path : path.substring(0, query);
    }
}
