package io.grpcweb.gateway.upstream.host;

import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.TlsConfig;
import io.grpcweb.gateway.net.FileWatch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * TLS towards the endpoints of a cluster: the same for all, or chosen by what is said of each (Envoy's
 * {@code transport_socket_matches}).
 */
public final class EndpointTls implements AutoCloseable {
    /** Who reads the metadata that the choice is made by. */
    private static final String READER = "envoy.transport_socket_match";

    private final UpstreamTls usual;
    private final List<Optional<UpstreamTls>> matched;

    private EndpointTls(UpstreamTls usual, List<Optional<UpstreamTls>> matched) {
        this.usual = usual;
        this.matched = matched;
    }

    /** Reads the files; the message of the exception names the one that cannot be used. */
    public static EndpointTls of(ClusterConfig cluster, FileWatch watch) throws IOException {
        List<Optional<UpstreamTls>> made = new ArrayList<>();
        try {
            for (ClusterConfig.TlsMatch match : cluster.tlsMatches()) {
                made.add(tls(cluster, match.tls(), watch));
            }
            return new EndpointTls(tls(cluster, cluster.tls(), watch).orElse(null), List.copyOf(made));
        } catch (IOException e) {
            made.forEach(one -> one.ifPresent(UpstreamTls::close));
            throw e;
        }
    }

    private static Optional<UpstreamTls> tls(
            ClusterConfig cluster, Optional<TlsConfig.Upstream> config, FileWatch watch) throws IOException {
        return config.isPresent() ? Optional.of(new UpstreamTls(cluster, config.get(), watch)) : Optional.empty();
    }

    /** Null for cleartext. */
    public UpstreamTls of(Host host) {
        return host.tlsMatch() < 0 ? usual : matched.get(host.tlsMatch()).orElse(null);
    }

    /** The entry of the cluster that an endpoint takes its TLS from, or -1: what is said of itself counts before its locality. */
    public static int match(ClusterConfig cluster, ClusterConfig.Locality place, ClusterConfig.Host host) {
        int own = match(cluster.tlsMatches(), host.metadata().of(READER));
        return own >= 0 || place.metadata().isEmpty()
                ? own
                : match(cluster.tlsMatches(), place.metadata().of(READER));
    }

    private static int match(List<ClusterConfig.TlsMatch> matches, Map<?, ?> said) {
        for (int i = 0; i < matches.size(); i++) {
            if (said.entrySet().containsAll(matches.get(i).criteria().entrySet())) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public void close() {
        if (usual != null) {
            usual.close();
        }
        matched.forEach(one -> one.ifPresent(UpstreamTls::close));
    }
}
