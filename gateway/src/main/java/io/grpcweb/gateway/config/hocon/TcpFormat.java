package io.grpcweb.gateway.config.hocon;

import io.grpcweb.gateway.config.TcpConfig;
import java.util.List;
import java.util.Optional;

/** Connections whose bytes go to a cluster as they are, in the gateway's own format. */
final class TcpFormat {
    private static final TcpConfig.Target TARGET = new TcpConfig.Target("", 1);

    private TcpFormat() {}

    /** What holds in the section {@code tcp} of a listener of this name where nothing is written. */
    static TcpConfig usual(String name) {
        return new TcpConfig(
                name, List.of(), TcpConfig.DEFAULT_IDLE, Optional.empty(), 0, 1, OwnDefaults.ACCESS_LOGS, false);
    }

    static TcpConfig fields(Fields own, TcpConfig given) {
        List<TcpConfig.Target> clusters = own.sections("clusters", given.clusters(), TARGET, TcpFormat::target);
        String cluster = own.text("cluster", "", "");
        if (!own.writing()) {
            if (clusters.isEmpty() == cluster.isEmpty()) {
                own.error("cluster", "write one of cluster and clusters");
            } else if (clusters.isEmpty()) {
                clusters = List.of(new TcpConfig.Target(cluster, 1));
            }
        }
        return new TcpConfig(
                own.text("stat-prefix", given.statPrefix()),
                clusters,
                own.duration("idle", given.idle()),
                own.duration("longest", given.longest()),
                own.share("jitter", given.jitter()),
                own.integer("attempts", given.attempts(), 1, Integer.MAX_VALUE),
                AccessLogFormat.logs(own, given.accessLogs()),
                own.flag("log-connected", given.logsConnected()));
    }

    private static TcpConfig.Target target(Fields own, TcpConfig.Target given) {
        return new TcpConfig.Target(
                own.text("cluster", given.cluster()), own.integer("weight", given.weight(), 1, Integer.MAX_VALUE));
    }
}
