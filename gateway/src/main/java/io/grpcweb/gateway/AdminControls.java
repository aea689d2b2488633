package io.grpcweb.gateway;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import io.grpcweb.gateway.admin.Controls;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.LoggerFactory;

/** The levers that the admin pages pull. */
final class AdminControls implements Controls {
    private final Shutdown shutdown;
    private final Runnable reopenLogs;

    AdminControls(Shutdown shutdown, Runnable reopenLogs) {
        this.shutdown = shutdown;
        this.reopenLogs = reopenLogs;
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
        shutdown.drainListeners(graceful, skipExit, inboundOnly);
    }

    @Override
    public void reopenLogs() {
        reopenLogs.run();
    }

    @Override
    public void quit() {
        shutdown.begin();
    }

    @Override
    public Map<String, String> logLevels() {
        Map<String, String> levels = new TreeMap<>();
        Logs.components()
                .forEach((component, logger) -> levels.put(
                        component, LogLayout.level(loggers().getLogger(logger).getEffectiveLevel())));
        return levels;
    }

    @Override
    public void logLevel(String component, String level) {
        Level wanted = Logs.level(level);
        if (!component.isEmpty()) {
            loggers().getLogger(Logs.components().get(component)).setLevel(wanted);
            return;
        }
        Logs.components().values().forEach(logger -> loggers().getLogger(logger).setLevel(null));
        loggers().getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).setLevel(wanted);
    }

    private static LoggerContext loggers() {
        return (LoggerContext) LoggerFactory.getILoggerFactory();
    }
}
