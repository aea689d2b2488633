package io.grpcweb.gateway.config.envoy;

import io.grpcweb.gateway.config.TcpConfig;
import java.util.List;
import java.util.Optional;

/** Envoy's network filter {@code tcp_proxy}. */
final class TcpProxies {
    static final String TYPE = "envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy";

    private final Reading reading;
    private final AccessLogs logs;

    TcpProxies(Reading reading, AccessLogs logs) {
        this.reading = reading;
        this.logs = logs;
    }

    TcpConfig read(Msg proxy) {
        Optional<Msg> options = proxy.message("access_log_options");
        return new TcpConfig(
                proxy.text("stat_prefix"),
                clusters(proxy),
                proxy.duration("idle_timeout", TcpConfig.DEFAULT_IDLE),
                proxy.duration("max_downstream_connection_duration"),
                Reading.percent(proxy, "max_downstream_connection_duration_jitter_percentage", 0),
                proxy.integer("max_connect_attempts", 1),
                logs.local(proxy),
                proxy.flag("flush_access_log_on_connected", false)
                        || options.map(one -> one.flag("flush_access_log_on_connected", false))
                                .orElse(false));
    }

    private List<TcpConfig.Target> clusters(Msg proxy) {
        if (proxy.has("cluster")) {
            known(proxy, "cluster");
            return List.of(new TcpConfig.Target(proxy.text("cluster"), 1));
        }
        return proxy.message("weighted_clusters").map(all -> all.messages("clusters")).orElse(List.of()).stream()
                .map(one -> {
                    known(one, "name");
                    return new TcpConfig.Target(one.text("name"), one.integer("weight", 1));
                })
                .toList();
    }

    /** As in Envoy, which closes the connections for a cluster that is not there. */
    private void known(Msg message, String field) {
        if (reading.lacks(message.text(field))) {
            reading.warn(message, field, "unknown cluster '" + message.text(field) + "': its connections are closed");
        }
    }
}
