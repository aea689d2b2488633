package io.grpcweb.gateway.stats;

import io.grpcweb.gateway.stats.Stat.Label;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;

/** What one listener counts: {@code listener.<address>.*}. */
public final class ListenerStats extends StatGroup {
    public final LongAdder downstreamCxTotal = counter("downstream_cx_total");
    public final LongAdder downstreamCxDestroy = counter("downstream_cx_destroy");
    public final LongAdder downstreamCxOverflow = counter("downstream_cx_overflow");
    public final LongAdder downstreamCxOverloadReject = counter("downstream_cx_overload_reject");
    public final LongAdder downstreamCxTransportSocketConnectTimeout =
            counter("downstream_cx_transport_socket_connect_timeout");
    public final LongAdder downstreamGlobalCxOverflow = counter("downstream_global_cx_overflow");
    public final LongAdder downstreamListenerFilterError = counter("downstream_listener_filter_error");
    public final LongAdder downstreamListenerFilterRemoteClose = counter("downstream_listener_filter_remote_close");
    public final LongAdder downstreamPreCxTimeout = counter("downstream_pre_cx_timeout");
    public final LongAdder noFilterChainMatch = counter("no_filter_chain_match");

    public final Gauge downstreamCxActive = gauge("downstream_cx_active");
    public final Gauge downstreamPreCxActive = gauge("downstream_pre_cx_active");

    public final Histogram connectionsAcceptedPerSocketEvent = histogram("connections_accepted_per_socket_event", true);
    public final Histogram downstreamCxLengthMs = histogram("downstream_cx_length_ms", true);

    private final boolean admin;
    private TlsStats tls;
    private LongAdder secretsNotReady;
    private final List<StatGroup> nested = new CopyOnWriteArrayList<>();

    ListenerStats(String address) {
        super("listener." + address, "envoy_listener", List.of(new Label("envoy_listener_address", address)));
        admin = false;
        zeroCounters("extension_config_missing", "network_extension_config_missing");
    }

    /** Of the admin listener, which has families of its own instead of a label. */
    ListenerStats() {
        super("listener.admin", "envoy_listener_admin", List.of());
        admin = true;
    }

    /** Answers of a connection manager that came through this listener; to be asked for once, at wiring time. */
    public ResponseClasses http(String statPrefix) {
        List<Label> all = new ArrayList<>();
        all.add(new Label("envoy_http_conn_manager_prefix", statPrefix));
        all.addAll(labels());
        return nest(new ResponseClasses(prefix() + ".http." + statPrefix, family() + "_http", all));
    }

    /** Connections that one event loop has; to be asked for once, at wiring time. */
    public WorkerStats worker(int index) {
        return nest(new WorkerStats(prefix(), family(), labels(), admin ? "main_thread" : "worker_" + index, index));
    }

    /** Handshakes, where the listener has TLS; shown from the first time that it is asked for. */
    public synchronized TlsStats tls() {
        if (tls != null) {
            return tls;
        }
        secretsNotReady = counter("server_ssl_socket_factory.downstream_context_secrets_not_ready");
        zeroCounters(
                "server_ssl_socket_factory.ssl_context_update_by_sds",
                "server_ssl_socket_factory.upstream_context_secrets_not_ready");
        tls = nest(new TlsStats(prefix(), family(), labels()));
        return tls;
    }

    /** Handshakes that had to end since a secret had not come. */
    public synchronized LongAdder secretsNotReady() {
        tls();
        return secretsNotReady;
    }

    @Override
    protected List<StatGroup> nested() {
        return nested;
    }

    private <T extends StatGroup> T nest(T group) {
        nested.add(group);
        return group;
    }
}
