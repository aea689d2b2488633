package io.grpcweb.gateway.admin;

import io.grpcweb.gateway.config.Assignment;
import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.console.Backends;
import io.grpcweb.gateway.dynamic.DynamicSnapshot;
import io.grpcweb.gateway.explain.Explainer;
import io.grpcweb.gateway.explain.FilterTrial;
import io.grpcweb.gateway.explain.Places;
import io.grpcweb.gateway.testing.Copy;
import io.grpcweb.gateway.testing.Setup;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Levers that note that they were pulled, and something to show. */
final class FakeGateway implements Controls, Snapshots {
    Optional<Map<String, Object>> document = Optional.empty();
    final List<String> pulled = new ArrayList<>();
    final Map<String, String> levels = new LinkedHashMap<>(Map.of("http", "info", "upstream", "info"));
    State state = State.LIVE;

    static final ServerInfo INFO =
            new ServerInfo(() -> "1.2.3", Instant.EPOCH, 2, "/etc/gateway.yaml", "", "info", "", "", "%v", "", "");

    @Override
    public State state() {
        return state;
    }

    String notReady = "";

    @Override
    public String notReady() {
        return notReady;
    }

    @Override
    public void failHealthcheck(boolean fail) {
        state = fail ? State.DRAINING : State.LIVE;
    }

    @Override
    public void drainListeners(boolean graceful, boolean skipExit, boolean inboundOnly) {
        pulled.add("drain " + graceful + " " + skipExit + " " + inboundOnly);
    }

    Optional<Reload> reload = Optional.of(new Reload(true, List.of()));
    DynamicSnapshot dynamic = DynamicSnapshot.NONE;
    Optional<FailedReload> failedReload = Optional.empty();

    @Override
    public Optional<Reload> reload() {
        return reload;
    }

    @Override
    public Optional<Reload> reloadWouldChange(String file) {
        return Optional.of(new Reload(true, List.of("~ " + file)));
    }

    @Override
    public Instant configuredAt() {
        return Instant.EPOCH;
    }

    @Override
    public Optional<FailedReload> failedReload() {
        return failedReload;
    }

    @Override
    public Explainer explainer() {
        return new Explainer(config().listeners(), config().clusters(), Places.FILE, FilterTrial.NONE);
    }

    /** The console has tests with a gateway around it. */
    @Override
    public Backends backends() {
        throw new UnsupportedOperationException();
    }

    @Override
    public DynamicSnapshot dynamic() {
        return dynamic;
    }

    @Override
    public void reopenLogs() {
        pulled.add("reopen");
    }

    @Override
    public void quit() {
        pulled.add("quit");
    }

    @Override
    public Map<String, String> logLevels() {
        return levels;
    }

    @Override
    public void logLevel(String component, String level) {
        if (component.isEmpty()) {
            levels.replaceAll((name, old) -> level);
        } else {
            levels.put(component, level);
        }
    }

    @Override
    public GatewayConfig config() {
        return Copy.of(Setup.parse("listeners.main {}, clusters.backend { endpoints = [\"127.0.0.1:1\"] },"
                        + " error-format = envoy, node { id = node-7, cluster = edge }"))
                .with("listeners", List.of())
                .with("clusters", List.of(cluster()))
                .with("document", document)
                .get();
    }

    static ClusterConfig cluster() {
        return Setup.parse("""
                        listeners.main {}
                        clusters.echo { endpoints = ["127.0.0.1:1"], connect-timeout = 250ms, bind = "127.0.0.1:0" }
                        """).clusters().get(0).with(Assignment.NONE);
    }

    @Override
    public List<ClusterStatus> clusters() {
        return List.of(new ClusterStatus(
                cluster(),
                false,
                List.of(new HostStatus(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 50051),
                        "",
                        "/failed_active_hc",
                        1,
                        "",
                        "",
                        "",
                        0,
                        -1,
                        1,
                        2,
                        3,
                        4,
                        5,
                        6,
                        7,
                        8))));
    }

    @Override
    public List<ListenerStatus> listeners() {
        return List.of(new ListenerStatus("web", new InetSocketAddress(InetAddress.getLoopbackAddress(), 8080)));
    }

    @Override
    public List<CertificateStatus> certificates() {
        return List.of(new CertificateStatus(
                false,
                "/etc/cert.pem",
                "0a1b",
                List.of("app.example"),
                Instant.parse("2026-01-01T00:00:00Z"),
                Instant.now().plus(Duration.ofDays(10).plusHours(1))));
    }
}
