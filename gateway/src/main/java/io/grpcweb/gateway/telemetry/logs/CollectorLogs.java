package io.grpcweb.gateway.telemetry.logs;

import io.grpcweb.gateway.config.AccessLogConfig;
import io.grpcweb.gateway.config.AccessLogConfig.Sink;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.http.ExchangeObserver;
import io.grpcweb.gateway.http.StreamInfo;
import io.grpcweb.gateway.http.Substitution;
import io.grpcweb.gateway.stats.Stats;
import io.grpcweb.gateway.telemetry.export.Envelope;
import io.grpcweb.gateway.telemetry.export.Exporter;
import io.grpcweb.gateway.telemetry.export.Exports;
import java.util.List;
import java.util.function.Predicate;

/** The access logs of a filter chain that leave for services. */
public final class CollectorLogs implements ExchangeObserver {
    /** By bytes alone, as in Envoy; the batch has a bound of its own. */
    private static final int ANY_NUMBER = Integer.MAX_VALUE;

    private final Log[] logs;
    private final boolean counting;

    /** One log. */
    private record Log(Predicate<StreamInfo> filter, LogEntry entry, Exporter exporter) {}

    private CollectorLogs(Log[] logs, boolean counting) {
        this.logs = logs;
        this.counting = counting;
    }

    /** Opens those of some logs that are for services. */
    public static CollectorLogs open(
            List<AccessLogConfig> configs,
            GatewayConfig.Node node,
            Stats stats,
            Exports exports,
            Substitution.Compiler compiler) {
        return new CollectorLogs(
                configs.stream()
                        .filter(config -> config.sink() instanceof Sink.Remote)
                        .map(config -> log(config, node, stats, exports, compiler))
                        .toArray(Log[]::new),
                configs.stream().anyMatch(AccessLogConfig::namesUpstreamBytes));
    }

    private static Log log(
            AccessLogConfig config,
            GatewayConfig.Node node,
            Stats stats,
            Exports exports,
            Substitution.Compiler compiler) {
        Predicate<StreamInfo> filter = config.filter().map(compiler::condition).orElse(info -> true);
        if (config.sink() instanceof Sink.Service service) {
            return new Log(
                    filter,
                    new HttpEntry(service, compiler),
                    exporter(
                            service,
                            HttpEntry.METHOD,
                            HttpEntry.envelope(node, service.name()),
                            LogStats.of(LogStats.GRPC, stats),
                            exports));
        }
        Sink.OpenTelemetry otlp = (Sink.OpenTelemetry) config.sink();
        return new Log(
                filter,
                new LogRecord(otlp, config.format(), compiler),
                exporter(
                        otlp,
                        LogRecord.METHOD,
                        LogRecord.envelope(otlp, node),
                        LogStats.of(LogStats.OPEN_TELEMETRY, stats),
                        exports));
    }

    private static Exporter exporter(
            Sink.Remote sink, String method, Envelope envelope, LogStats stats, Exports exports) {
        return exports.open(
                "access logs",
                sink.collector(),
                method,
                new Exporter.Limits(
                        ANY_NUMBER,
                        Math.max(1, sink.buffer().bytes()),
                        sink.buffer().interval(),
                        ANY_NUMBER),
                envelope,
                stats);
    }

    @Override
    public void started(StreamInfo info) {
        if (counting) {
            info.countUpstreamBytes();
        }
    }

    @Override
    public void ended(StreamInfo info) {
        for (Log log : logs) {
            if (log.filter.test(info)) {
                log.exporter.add(out -> log.entry.write(info, out));
            }
        }
    }

    @Override
    public void release() {
        for (Log log : logs) {
            log.exporter.release();
        }
    }
}
