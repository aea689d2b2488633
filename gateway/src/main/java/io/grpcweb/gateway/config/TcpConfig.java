package io.grpcweb.gateway.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Connections whose bytes go to a cluster as they are, and back.
 *
 * @param statPrefix of its series
 * @param clusters one is drawn for each connection, by weight; never empty
 * @param idle how long nothing may come from either side (1 h); zero: for ever
 * @param longest how old a connection may become, if that is limited
 * @param jitter how much older one may become by chance, as a share of that, from 0 to 1
 * @param attempts how many endpoints are tried at most, one after the other (1)
 * @param accessLogs one line a connection each
 * @param logsConnected whether there is another line when the connection with the backend is there
 */
public record TcpConfig(
        String statPrefix,
        List<Target> clusters,
        Duration idle,
        Optional<Duration> longest,
        double jitter,
        int attempts,
        List<AccessLogConfig> accessLogs,
        boolean logsConnected)
        implements ListenerConfig.Service {

    /** Envoy's default of {@code idle_timeout}. */
    public static final Duration DEFAULT_IDLE = Duration.ofHours(1);

    public TcpConfig {
        clusters = List.copyOf(clusters);
        accessLogs = List.copyOf(accessLogs);
    }

    /** A cluster, and its share of the connections. */
    public record Target(String cluster, int weight) {}

    @Override
    public boolean sameForConnections(ListenerConfig.Service other) {
        return equals(other);
    }
}
