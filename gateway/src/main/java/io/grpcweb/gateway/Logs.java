package io.grpcweb.gateway;

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
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/** Puts the log options of the command line into force. */
final class Logs {
    private static final String BASE = "io.grpcweb.gateway";
    private static final String QUEUE = "log";

    /** How long the end of the process waits for a reader of its log. */
    private static final long FLUSH_MILLIS = 2000;

    /** Envoy's component names, as far as the gateway has such a part. */
    private static final Map<String, String> COMPONENTS = Map.ofEntries(
            Map.entry("admin", BASE + ".admin"),
            Map.entry("config", BASE + ".config"),
            Map.entry("conn_handler", BASE + ".downstream"),
            Map.entry("connection", BASE + ".downstream"),
            Map.entry("http", BASE + ".downstream"),
            Map.entry("http1", BASE + ".downstream"),
            Map.entry("http2", BASE + ".downstream"),
            Map.entry("filter", BASE + ".http"),
            Map.entry("main", BASE),
            Map.entry("router", BASE + ".upstream"),
            Map.entry("pool", BASE + ".upstream"),
            Map.entry("upstream", BASE + ".upstream"),
            Map.entry("hc", BASE + ".upstream"),
            Map.entry("dns", BASE + ".upstream"),
            Map.entry("stats", BASE + ".telemetry"),
            Map.entry("tracing", BASE + ".telemetry"));

    /** The name that stands in lines, of those that several components share. */
    private static final Map<String, String> BY_PACKAGE = Map.ofEntries(
            Map.entry(BASE, "main"),
            Map.entry(BASE + ".admin", "admin"),
            Map.entry(BASE + ".config", "config"),
            Map.entry(BASE + ".downstream", "http"),
            Map.entry(BASE + ".http", "filter"),
            Map.entry(BASE + ".upstream", "upstream"),
            Map.entry(BASE + ".telemetry", "stats"));

    private Logs() {}

    static void apply(LogSettings settings) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        settings.level().ifPresent(level -> root.setLevel(level(level)));
        if (!settings.components().isEmpty()) {
            for (String part : settings.components().split(",", -1)) {
                int colon = part.indexOf(':');
                if (colon < 0) {
                    throw new IllegalArgumentException("component log level not correctly specified '" + part + "'");
                }
                String name = COMPONENTS.get(part.substring(0, colon).strip());
                if (name != null) {
                    context.getLogger(name).setLevel(level(part.substring(colon + 1)));
                }
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
    static void standApart() {
        queue().ifPresent(queue -> {
            queue.standApart();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> queue.flush(FLUSH_MILLIS), "log-flush"));
        });
    }

    /** How many lines nobody has read. */
    static long dropped() {
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
                .filter(entry -> logger.startsWith(entry.getKey() + "."))
                .max((one, other) ->
                        Integer.compare(one.getKey().length(), other.getKey().length()))
                .map(Map.Entry::getValue)
                .orElse("misc");
    }

    /** Names of components, and the loggers they stand for. */
    static Map<String, String> components() {
        return COMPONENTS;
    }

    static Level level(String text) {
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
