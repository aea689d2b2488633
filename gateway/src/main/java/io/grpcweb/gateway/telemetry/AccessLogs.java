package io.grpcweb.gateway.telemetry;

import io.grpcweb.gateway.config.AccessLogConfig;
import io.grpcweb.gateway.config.AccessLogConfig.Sink;
import io.grpcweb.gateway.config.ConfigProblem;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.config.ListenerConfig;
import io.grpcweb.gateway.format.BadFormat;
import io.grpcweb.gateway.format.LogFormat;
import io.grpcweb.gateway.http.ExchangeObserver;
import io.grpcweb.gateway.http.StreamInfo;
import io.grpcweb.gateway.stats.FileStats;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** All access logs. Logs that name the same file share its writer. */
public final class AccessLogs implements AutoCloseable {
    private final FileStats stats;
    private final LongAdder dropped = new LongAdder();
    private final Map<Sink, LogWriter> writers = new ConcurrentHashMap<>();
    private final Map<Sink, Integer> users = new HashMap<>();

    public AccessLogs(FileStats stats) {
        this.stats = stats;
        stats.writeTotalBuffered.follow(
                () -> writers.values().stream().mapToLong(LogWriter::waiting).sum());
    }

    /** What is wrong with the formats of a configuration; nothing is opened. */
    public static List<ConfigProblem> problems(GatewayConfig config, String file) {
        List<ConfigProblem> problems = new ArrayList<>();
        for (ListenerConfig listener : config.listeners()) {
            List<AccessLogConfig> logs = new ArrayList<>(listener.accessLogs());
            listener.chains().forEach(chain -> logs.addAll(chain.service().accessLogs()));
            for (AccessLogConfig log : logs) {
                problem(log)
                        .ifPresent(text -> problems.add(
                                new ConfigProblem(file, 0, "access log of listener " + listener.name(), text)));
            }
        }
        config.admin().ifPresent(admin -> admin.accessLogs().forEach(log -> problem(log)
                .ifPresent(
                        text -> problems.add(new ConfigProblem(file, 0, "access log of the admin listener", text)))));
        return problems;
    }

    private static Optional<String> problem(AccessLogConfig log) {
        try {
            LogFormat.of(log.format());
            return Optional.empty();
        } catch (BadFormat e) {
            return Optional.of(e.getMessage());
        }
    }

    /** Opens those of the logs of a filter chain that are files; what it returns writes a line for each exchange that ends. */
    public synchronized ExchangeObserver open(List<AccessLogConfig> all) throws IOException {
        List<AccessLogConfig> configs = all.stream()
                .filter(config -> config.sink() instanceof Sink.Local)
                .toList();
        List<AccessLog> logs = new ArrayList<>();
        for (AccessLogConfig config : configs) {
            logs.add(new AccessLog(config, writer(config.sink())));
        }
        configs.forEach(config -> users.merge(config.sink(), 1, Integer::sum));
        AccessLog[] opened = logs.toArray(AccessLog[]::new);
        boolean counting = configs.stream().anyMatch(AccessLogConfig::namesUpstreamBytes);
        return new ExchangeObserver() {
            @Override
            public void started(StreamInfo info) {
                if (counting) {
                    info.countUpstreamBytes();
                }
            }

            @Override
            public void ended(StreamInfo info) {
                for (AccessLog log : opened) {
                    log.log(info);
                }
            }

            @Override
            public void release() {
                AccessLogs.this.release(configs);
            }
        };
    }

    /** A file that no log is written to any more is closed, behind what still waits for it. */
    private synchronized void release(List<AccessLogConfig> configs) {
        for (AccessLogConfig config : configs) {
            if (users.merge(config.sink(), -1, Integer::sum) == 0) {
                users.remove(config.sink());
                writers.remove(config.sink()).close();
            }
        }
    }

    private LogWriter writer(Sink sink) throws IOException {
        LogWriter known = writers.get(sink);
        if (known != null) {
            return known;
        }
        String path = sink instanceof Sink.File file ? file.path() : sink instanceof Sink.Stdout ? "stdout" : "stderr";
        LogWriter.Destination destination = sink instanceof Sink.File
                ? LogWriter.Destination.file(path)
                : sink instanceof Sink.Stdout ? LogWriter.Destination.stdout() : LogWriter.Destination.stderr();
        try {
            LogWriter writer = new LogWriter(path, destination, stats, dropped);
            writers.put(sink, writer);
            return writer;
        } catch (IOException e) {
            throw new IOException("unable to open file '" + path + "': " + e.getMessage(), e);
        }
    }

    /** SIGUSR1 and {@code /reopen_logs}: files that were moved away are opened anew. */
    public void reopen() {
        writers.values().forEach(LogWriter::reopen);
    }

    /** Lines that were lost because a disk was full or slow. */
    public long droppedLines() {
        return dropped.sum();
    }

    /** A line was lost elsewhere. */
    void dropped() {
        dropped.increment();
    }

    /** Writes what is waiting. */
    @Override
    public void close() {
        writers.values().forEach(LogWriter::close);
    }
}
