package io.grpcweb.gateway;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import io.grpcweb.gateway.admin.Controls;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.LoggerFactory;

/** The levers that the admin pages pull. */
final class AdminControls implements Controls {
    private final Shutdown shutdown;

    AdminControls(Shutdown shutdown) {
        this.shutdown = shutdown;
    }

    @Override
    public State state() {
        return shutdown.state();
    }

    @Override
    public void failHealthcheck(boolean fail) {
        shutdown.failHealthcheck(fail);
    }

    @Override
    public void drainListeners(boolean graceful, boolean skipExit, boolean inboundOnly) {
        if (!inboundOnly) {
            shutdown.drainListeners(graceful, skipExit);
        }
    }

    @Override
    public void reopenLogs() {}

    @Override
    public void quit() {
        shutdown.begin();
    }

    @Override
    public Map<String, String> logLevels() {
        Map<String, String> levels = new TreeMap<>();
        for (ch.qos.logback.classic.Logger logger : loggers().getLoggerList()) {
            levels.put(logger.getName(), logger.getEffectiveLevel().toString().toLowerCase(Locale.ROOT));
        }
        return levels;
    }

    @Override
    public void logLevel(String component, String level) {
        Level wanted = Level.toLevel(level.equals("critical") ? "error" : level, Level.INFO);
        String name = component.isEmpty() ? org.slf4j.Logger.ROOT_LOGGER_NAME : component;
        loggers().getLogger(name).setLevel(wanted);
    }

    private static LoggerContext loggers() {
        return (LoggerContext) LoggerFactory.getILoggerFactory();
    }
}
