package io.grpcweb.gateway.filter.extauthz;

import io.grpcweb.gateway.config.MetadataMatch;
import io.grpcweb.gateway.config.ValueMatch;
import io.grpcweb.gateway.filter.FilterContext;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.HttpFilterFactory;
import io.grpcweb.gateway.http.SideCalls;
import io.grpcweb.gateway.http.StreamInfo;
import io.grpcweb.gateway.http.Substitution;
import io.grpcweb.gateway.stats.Stat.Label;
import io.grpcweb.gateway.stats.Stats;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Prepares the questions and the counters of one place of the configuration. */
final class ExtAuthzFactory implements HttpFilterFactory {
    private final ExtAuthzConfig config;
    private final Authority authority;
    private final RequestChange change;
    private final ExtAuthzStats counted;
    private final Stats stats;
    private final Map<String, AtClusterStats> clusters = new ConcurrentHashMap<>();

    ExtAuthzFactory(ExtAuthzConfig config, FilterContext context) {
        this.config = config;
        this.stats = context.stats();
        this.authority = authority(config, context.calls(), context.compiler());
        this.change =
                new RequestChange(config.effect().strict(), config.effect().rules());
        String listener = context.http().statPrefix();
        String prefix = "http." + listener + suffix();
        this.counted = stats.group(
                prefix,
                ExtAuthzStats.class,
                () -> new ExtAuthzStats(prefix, List.of(new Label("envoy_http_conn_manager_prefix", listener))));
    }

    private String suffix() {
        return ".ext_authz" + (config.statPrefix().isEmpty() ? "" : "." + config.statPrefix());
    }

    private static Authority authority(ExtAuthzConfig config, SideCalls calls, Substitution.Compiler compiler) {
        AuthzService service = config.service().orElseThrow();
        if (service instanceof AuthzService.Grpc grpc) {
            boolean raw = config.body().orElse(ExtAuthzConfig.Body.NONE).raw();
            CheckRequest request = new CheckRequest(config.shown(), raw, config.extensions());
            return new GrpcAuthority(grpc.service(), request, calls, compiler);
        }
        return new HttpAuthority((AuthzService.Http) service, config.shown().fields(), calls, compiler);
    }

    @Override
    public HttpFilter create(Exchange exchange, Http2Headers head) {
        return config.off() ? null : new ExtAuthzFilter(exchange, this);
    }

    ExtAuthzConfig config() {
        return config;
    }

    Authority authority() {
        return authority;
    }

    /** Whether what filters before have found out makes it a call that the service is asked about. */
    boolean isAskedAbout(StreamInfo info) {
        if (config.where().isEmpty()) {
            return true;
        }
        MetadataMatch match = config.where().get();
        return match.fits(
                info.metadata == null ? ValueMatch.ABSENT : info.metadata.at(match.path(), ValueMatch.ABSENT));
    }

    RequestChange change() {
        return change;
    }

    ExtAuthzStats counted() {
        return counted;
    }

    /** The numbers of a cluster; null where the call goes to none. */
    AtClusterStats at(String cluster) {
        if (cluster == null) {
            return null;
        }
        AtClusterStats known = clusters.get(cluster);
        return known != null ? known : clusters.computeIfAbsent(cluster, this::made);
    }

    /** A refusal is a response of the cluster that the call would have gone to, as in Envoy. */
    void refusedAt(String cluster, int status) {
        if (cluster != null && config.countAtCluster()) {
            stats.cluster(cluster).ownResponse(status);
        }
    }

    private AtClusterStats made(String cluster) {
        String prefix = "cluster." + cluster + suffix();
        return stats.group(prefix, AtClusterStats.class, () -> new AtClusterStats(prefix, cluster));
    }
}
