package io.grpcweb.gateway.telemetry;

import io.grpcweb.gateway.config.AccessLogConfig;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.config.HttpConfig;
import io.grpcweb.gateway.http.ExchangeObserver;
import io.grpcweb.gateway.http.ForeignText;
import io.grpcweb.gateway.stats.ListenerStats;
import io.grpcweb.gateway.stats.Stats;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.util.concurrent.EventExecutorGroup;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/** Everything that is told of exchanges, put together. */
public final class Telemetry implements AutoCloseable {
    private final Stats stats;
    private final MeterClock clock = new MeterClock();
    private final MeterRegistry registry;

    /** Null where the meters are somebody else's to show. */
    private final PrometheusMeterRegistry own;

    private final CallMetrics calls;
    private final CorsMetrics cors;
    private final LoopStall stall;
    private final RecentEvents recent = new RecentEvents();
    private final Hints hints;
    private final SetupHints setup;
    private final AccessLogs accessLogs;
    private final boolean readable;
    private ExchangeObserver sink = ExchangeObserver.NONE;
    private final AtomicBoolean processShown = new AtomicBoolean();

    /**
     * Without filter chains.
     *
     * @param readable whether there are admin pages, or a registry that somebody reads; without them nobody can ask
     * @param given where its own metrics are registered; null for a Prometheus registry of its own
     */
    public Telemetry(boolean readable, Stats stats, MeterRegistry given) {
        this.own = given == null ? registry(clock) : null;
        this.registry = given == null ? own : given;
        this.cors = new CorsMetrics(registry);
        this.stall = new LoopStall(registry, clock);
        this.stats = stats;
        this.readable = readable;
        this.calls = new CallMetrics(registry, stats);
        this.hints = new Hints(recent);
        this.setup = new SetupHints(hints, Container.isAround());
        this.accessLogs = new AccessLogs(stats.files());
        FunctionCounter.builder("gateway.access.log.dropped.lines", accessLogs, AccessLogs::droppedLines)
                .description("Lines of access logs that were lost because a disk was full or slow.")
                .register(registry);
    }

    /** Gives the program around the gateway an entry for each request too; asked for before the first filter chain. */
    public void logTo(AccessLogSink given) {
        sink = new SinkLog(given, accessLogs::dropped);
    }

    /** Loads the classes of the meters, ahead of the first instance. */
    public static void load() {
        registry(new MeterClock()).close();
    }

    /** How often changed files of certificates were put in force, and how often they could not be used. */
    public void tlsReloads(LongSupplier good, LongSupplier bad) {
        tlsReloads("success", good);
        tlsReloads("failure", bad);
    }

    /** How many lines of the gateway's own log were never read. */
    public void ownLog(LongSupplier dropped) {
        FunctionCounter.builder("gateway.log.dropped.lines", this, self -> dropped.getAsLong())
                .description("Lines of the gateway's own log that were lost because nobody read them.")
                .register(registry);
    }

    /**
     * How often the configuration was read again and put in force, and how often it could not be.
     *
     * @param lastGood whether the last time went well
     * @param lastSuccess when the one in force was put in force, in seconds since 1970
     */
    public void configReloads(
            LongSupplier good, LongSupplier bad, BooleanSupplier lastGood, DoubleSupplier lastSuccess) {
        configReloads("success", good);
        configReloads("failure", bad);
        Gauge.builder("gateway.config.last.reload.successful", () -> lastGood.getAsBoolean() ? 1 : 0)
                .description("Whether the configuration could be used when it was read last.")
                .register(registry);
        Gauge.builder("gateway.config.last.success.timestamp.seconds", lastSuccess::getAsDouble)
                .description("When the configuration in force was put in force.")
                .register(registry);
    }

    private void configReloads(String result, LongSupplier count) {
        FunctionCounter.builder("gateway.config.reloads", this, self -> count.getAsLong())
                .description("How often the configuration was read again.")
                .tag("result", result)
                .register(registry);
    }

    private void tlsReloads(String result, LongSupplier count) {
        FunctionCounter.builder("gateway.tls.reloads", this, self -> count.getAsLong())
                .description("Changes of the files of certificates and keys.")
                .tag("result", result)
                .register(registry);
    }

    /**
     * Filters must be there before the first meter. The library looks for a file of properties with the class loader of the
     * thread, which would open all jars of the class path: there is none, and a host's is not meant for this registry.
     */
    private static PrometheusMeterRegistry registry(MeterClock clock) {
        Thread thread = Thread.currentThread();
        ClassLoader loader = thread.getContextClassLoader();
        PrometheusMeterRegistry registry;
        thread.setContextClassLoader(ClassLoader.getPlatformClassLoader());
        try {
            registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT, new PrometheusRegistry(), clock);
        } finally {
            thread.setContextClassLoader(loader);
        }
        registry.config().meterFilter(ProcessMetrics.withoutBadNames());
        return registry;
    }

    /**
     * Who is to be told of the exchanges of one filter chain.
     *
     * @param more who else is
     * @throws IOException names an access log that cannot be opened
     */
    public ExchangeObserver observer(ListenerStats listener, HttpConfig http, ExchangeObserver... more)
            throws IOException {
        ExchangeObserver counters =
                new ExchangeCounters(stats.http(http.statPrefix()), listener.http(http.statPrefix()));
        ExchangeObserver metrics = readable ? calls : ExchangeObserver.NONE;
        ExchangeObserver failures = readable ? new RecentFailures(recent) : ExchangeObserver.NONE;
        ExchangeObserver logs = logs(http.accessLogs());
        List<ExchangeObserver> all = new ArrayList<>(List.of(more));
        all.addAll(List.of(counters, metrics, failures, setup, logs, sink));
        return ObserverList.of(all.toArray(ExchangeObserver[]::new));
    }

    /**
     * Who writes a line for everything that ends.
     *
     * @throws IOException names an access log that cannot be opened
     */
    public ExchangeObserver logs(List<AccessLogConfig> configs) throws IOException {
        return configs.isEmpty() ? ExchangeObserver.NONE : accessLogs.open(configs);
    }

    /**
     * Who writes the requests to the admin pages down.
     *
     * @throws IOException names an access log that cannot be opened
     */
    public ExchangeObserver adminLog(GatewayConfig.AdminConfig admin) throws IOException {
        return accessLogs.open(admin.accessLogs());
    }

    /** The clusters that there are from now on; series of others go. */
    public void clusters(Collection<String> names) {
        calls.clusters(names);
    }

    public CorsMetrics cors() {
        return cors;
    }

    /** Says once that a method was called which a cluster does not have, with what may have been meant; perhaps a stranger's text. */
    public void unknownMethod(String cluster, String text) {
        hints.tellOf(Hint.UNKNOWN_METHOD, "cluster " + cluster, ForeignText.of(text));
    }

    /** The refusals and errors of late. */
    public RecentEvents recent() {
        return recent;
    }

    /** Measures how late the event loops are. */
    public void watch(EventExecutorGroup loops) {
        stall.watch(loops);
    }

    /** The page {@code /metrics}. */
    public String scrape(MetricsFormat format) {
        if (own == null) {
            return format == MetricsFormat.OPEN_METRICS
                    ? "# EOF\n"
                    : "# The metrics of this gateway are shown by the program around it.\n";
        }
        if (!processShown.getAndSet(true)) {
            // Not before: the Java classes behind them are many, and all of them are read when they are asked for.
            ProcessMetrics.bindTo(registry);
        }
        clock.advance();
        return format == MetricsFormat.OPEN_METRICS
                ? new OpenMetricsText(calls.methods())
                        .of(own.getPrometheusRegistry().scrape())
                : own.scrape();
    }

    /** Opens the files of the access logs anew. */
    public void reopenLogs() {
        accessLogs.reopen();
    }

    /** Writes what waits for the access logs. */
    @Override
    public void close() {
        accessLogs.close();
        if (own != null) {
            own.close();
        }
    }
}
