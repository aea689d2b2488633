package io.grpcweb.gateway.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/** Puts the log options of the command line into force. */
public final class Logs {
    private static final String BASE = "io.grpcweb.gateway.";
    private static final String QUEUE = "log";

    /** How long the end of the process waits for a reader of its log. */
    private static final long FLUSH_MILLIS = 2000;

    /** Envoy's component names, as far as the gateway has such a part, and the loggers they stand for. */
    private static final Map<String, List<String>> COMPONENTS = Map.ofEntries(
            component("admin", "admin"),
            component("config", "config"),
            component("conn_handler", "downstream"),
            component("connection", "downstream", "net"),
            component("http", "downstream"),
            component("http1", "downstream"),
            component("http2", "downstream"),
            component("filter", "filter", "http"),
            component("main", "cli", "runtime", "logging"),
            component("router", "filter.router", "route"),
            component("pool", "upstream.pool"),
            component("upstream", "upstream"),
            component("hc", "upstream.health"),
            component("dns", "upstream.discovery"),
            component("stats", "telemetry", "stats"),
            component("tracing", "telemetry"));

    /** The name that stands in lines, of those that several components share. */
    private static final Map<String, String> BY_PACKAGE = Map.ofEntries(
            Map.entry("admin", "admin"),
            Map.entry("config", "config"),
            Map.entry("downstream", "http"),
            Map.entry("net", "connection"),
            Map.entry("filter", "filter"),
            Map.entry("http", "filter"),
            Map.entry("filter.router", "router"),
            Map.entry("route", "router"),
            Map.entry("upstream", "upstream"),
            Map.entry("upstream.pool", "pool"),
            Map.entry("upstream.health", "hc"),
            Map.entry("upstream.discovery", "dns"),
            Map.entry("stats", "stats"),
            Map.entry("telemetry", "stats"));

    private Logs() {}

    private static Map.Entry<String, List<String>> component(String name, String... packages) {
        return Map.entry(name, Stream.of(packages).map(BASE::concat).toList());
    }

    public static void apply(LogSettings settings) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        settings.level().ifPresent(level -> root.setLevel(level(level)));
        if (!settings.components().isEmpty()) {
            for (String part : settings.components().split(",", -1)) {
                int colon = part.indexOf(':');
                if (colon < 0) {
                    throw new IllegalArgumentException("component log level not correctly specified '" + part + "'");
                }
                Level level = level(part.substring(colon + 1));
                COMPONENTS
                        .getOrDefault(part.substring(0, colon).strip(), List.of())
                        .forEach(logger -> context.getLogger(logger).setLevel(level));
            }
        }
        root.detachAndStopAllAppenders();
        root.addAppender(appender(context, settings));
    }

    static Appender<ILoggingEvent> appender(LoggerContext context, LogSettings settings) {
        LogLayout layout = new LogLayout(settings.format(), settings.escaped());
        layout.setContext(context);
        layout.start();
        LogQueue queue = new LogQueue(layout, sink(settings.path().orElse(null)));
        queue.setName(QUEUE);
        queue.setContext(context);
        queue.start();
        return queue;
    }

    private static LogQueue.Sink sink(Path path) {
        if (path == null) {
            return () -> System.err;
        }
        try {
            Path folder = path.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            OutputStream file = Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            return () -> file;
        } catch (IOException e) {
            throw new IllegalArgumentException("the log file '" + path + "' cannot be opened: " + e, e);
        }
    }

    /** What follows is written by a thread of its own; at the end of the process what waits is written first. */
    public static void standApart() {
        queue().ifPresent(queue -> {
            queue.standApart();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> queue.flush(FLUSH_MILLIS), "log-flush"));
        });
    }

    /** How many lines nobody has read. */
    public static long dropped() {
        return queue().map(LogQueue::dropped).orElse(0L);
    }

    private static Optional<LogQueue> queue() {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        Appender<ILoggingEvent> appender =
                context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).getAppender(QUEUE);
        return appender instanceof LogQueue queue ? Optional.of(queue) : Optional.empty();
    }

    /** The component that a logger belongs to; what is not the gateway's own is {@code misc}. */
    static String component(String logger) {
        return BY_PACKAGE.entrySet().stream()
                .filter(entry -> logger.startsWith(BASE + entry.getKey() + "."))
                .max((one, other) ->
                        Integer.compare(one.getKey().length(), other.getKey().length()))
                .map(Map.Entry::getValue)
                .orElseGet(() -> logger.startsWith(BASE) ? "main" : "misc");
    }

    /** Names of components, and the loggers they stand for. */
    public static Map<String, List<String>> components() {
        return COMPONENTS;
    }

    public static Level level(String text) {
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "trace" -> Level.TRACE;
            case "debug" -> Level.DEBUG;
            case "info" -> Level.INFO;
            case "warning", "warn" -> Level.WARN;
            case "error", "critical" -> Level.ERROR;
            case "off" -> Level.OFF;
            default -> throw new IllegalArgumentException("invalid log level specified '" + text + "'");
        };
    }
}
