package io.grpcweb.gateway;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.FileAppender;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.slf4j.LoggerFactory;

/** Puts the log options of the command line into force. */
final class Logs {
    private static final String BASE = "io.grpcweb.gateway";

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

    private Logs() {}

    static void apply(CommandOptions.Logging options) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        if (options.level != null) {
            root.setLevel(level(options.level));
        }
        if (options.components != null) {
            for (String part : options.components.split(",", -1)) {
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
        if (options.path != null) {
            toFile(context, root, options.path);
        }
    }

    private static void toFile(LoggerContext context, Logger root, Path path) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern("[%d{yyyy-MM-dd HH:mm:ss.SSS}][%thread][%level][%logger{0}] %msg%n");
        encoder.start();
        FileAppender<ILoggingEvent> file = new FileAppender<>();
        file.setContext(context);
        file.setFile(path.toString());
        file.setEncoder(encoder);
        file.start();
        root.detachAndStopAllAppenders();
        root.addAppender(file);
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
