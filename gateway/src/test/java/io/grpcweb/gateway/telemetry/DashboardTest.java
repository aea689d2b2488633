package io.grpcweb.gateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.config.Configs;
import io.grpcweb.gateway.config.Endpoint;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.http.ExchangeObserver;
import io.grpcweb.gateway.http.StreamInfo;
import io.grpcweb.gateway.stats.Stats;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The dashboard and the alerts ask for nothing that is not there. */
class DashboardTest {
    private static final Pattern METRIC = Pattern.compile("\\b(?:gateway|envoy|process|jvm|system)_[a-z0-9_]+");

    /** Labels, not metrics. */
    private static final Set<String> LABELS =
            Set.of("envoy_cluster_name", "envoy_http_conn_manager_prefix", "envoy_response_code_class");

    private final Stats stats = new Stats();
    private Telemetry telemetry;

    @BeforeEach
    void oneCallHasEnded() throws Exception {
        Endpoint nowhere = new Endpoint("127.0.0.1", 1);
        GatewayConfig config = Configs.quickStart(nowhere, List.of(nowhere), List.of(), Optional.of(nowhere));
        telemetry = new Telemetry(true, stats, null);
        telemetry.clusters(List.of(config.clusters().get(0).name()));
        telemetry.tlsReloads(() -> 1, () -> 0);
        telemetry.ownLog(() -> 0);
        telemetry.configReloads(() -> 1, () -> 0, () -> true, () -> 1);
        ExchangeObserver observer = telemetry.observer(
                stats.listener("web"), config.listeners().get(0).chains().get(0).http());
        StreamInfo call = Calls.unary();
        call.cluster = config.clusters().get(0).name();
        observer.started(call);
        observer.ended(call);
        stats.cluster(call.cluster).requestTime(1);
    }

    @AfterEach
    void close() {
        telemetry.close();
    }

    private Set<String> known() {
        Set<String> names = new TreeSet<>();
        names.addAll(LABELS);
        telemetry
                .scrape(MetricsFormat.PROMETHEUS)
                .lines()
                .filter(line -> !line.startsWith("#"))
                .forEach(line -> names.add(line.split("[{ ]", 2)[0]));
        stats.forEach(stat -> {
            names.add(stat.family());
            names.add(stat.family() + "_bucket");
        });
        return names;
    }

    private static Set<String> asked(String file) throws IOException {
        Matcher matcher = METRIC.matcher(Files.readString(Path.of("../config").resolve(file)));
        return matcher.results().map(found -> found.group()).collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void everyMetricOfTheDashboardExists() throws IOException {
        assertThat(asked("grafana/gateway.json")).hasSizeGreaterThan(20).isSubsetOf(known());
    }

    @Test
    void everyMetricOfTheAlertsExists() throws IOException {
        assertThat(asked("prometheus/alerts.yml")).hasSizeGreaterThan(10).isSubsetOf(known());
    }

    @Test
    void everyMetricOfTheManualExists() throws IOException {
        Set<String> known = known();
        known.addAll(known.stream()
                .filter(name -> name.endsWith("_bucket"))
                .map(name -> name.substring(0, name.length() - "_bucket".length()))
                .collect(Collectors.toSet()));
        known.add("jvm_gc_pause_seconds");
        assertThat(asked("../gateway/docs/operating.md")).hasSizeGreaterThan(15).isSubsetOf(known);
        assertThat(asked("../README.md")).isNotEmpty().isSubsetOf(known);
    }

    @Test
    void noNameHasAnAbbreviatedUnit() {
        assertThat(telemetry.scrape(MetricsFormat.PROMETHEUS).lines())
                .filteredOn(line -> line.startsWith("# TYPE"))
                .noneMatch(line -> line.matches(".*_(ns|ms|us)(_.*| .*)"))
                .noneMatch(line -> line.endsWith("_count gauge"));
    }
}
