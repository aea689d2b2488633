package io.grpcweb.gateway.runtime;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import io.grpcweb.gateway.admin.Controls;
import io.grpcweb.gateway.logging.LogLayout;
import io.grpcweb.gateway.logging.Logs;
import io.grpcweb.gateway.source.FileSource;
import io.grpcweb.gateway.source.Outcome;
import io.grpcweb.gateway.stats.EndpointShares;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.slf4j.LoggerFactory;

/** The levers that the admin pages pull. */
final class AdminControls implements Controls {
    private final Drain drain;
    private final Runnable reopenLogs;
    private final Supplier<FileSource> source;
    private final EndpointShares wanted;

    /**
     * The levers of a gateway.
     *
     * @param source what the configuration is read from again; gives null where there is nothing
     * @param wanted the endpoints without which it is not ready
     */
    AdminControls(Drain drain, Runnable reopenLogs, Supplier<FileSource> source, EndpointShares wanted) {
        this.wanted = wanted;
        this.drain = drain;
        this.reopenLogs = reopenLogs;
        this.source = source;
    }

    @Override
    public Optional<Reload> reload() {
        return Optional.ofNullable(source.get()).map(FileSource::reloadNow).map(AdminControls::reload);
    }

    @Override
    public Optional<Reload> reloadWouldChange(String file) {
        return Optional.ofNullable(source.get())
                .map(one -> one.wouldChange(Path.of(file)))
                .map(AdminControls::reload);
    }

    private static Reload reload(Outcome outcome) {
        return new Reload(outcome.isSuccess(), outcome.lines());
    }

    @Override
    public State state() {
        return drain.state();
    }

    @Override
    public String notReady() {
        return wanted.problem();
    }

    @Override
    public void failHealthcheck(boolean fail) {
        drain.failHealthcheck(fail);
    }

    @Override
    public void drainListeners(boolean graceful, boolean skipExit, boolean inboundOnly) {
        drain.drainListeners(graceful, skipExit, inboundOnly);
    }

    @Override
    public void reopenLogs() {
        reopenLogs.run();
    }

    @Override
    public void quit() {
        drain.begin();
    }

    @Override
    public Map<String, String> logLevels() {
        Map<String, String> levels = new TreeMap<>();
        Logs.components()
                .forEach((component, names) -> levels.put(
                        component,
                        LogLayout.level(loggers().getLogger(names.get(0)).getEffectiveLevel())));
        return levels;
    }

    @Override
    public void logLevel(String component, String level) {
        Level wanted = Logs.level(level);
        if (!component.isEmpty()) {
            Logs.components()
                    .get(component)
                    .forEach(logger -> loggers().getLogger(logger).setLevel(wanted));
            return;
        }
        Logs.components()
                .values()
                .forEach(names ->
                        names.forEach(logger -> loggers().getLogger(logger).setLevel(null)));
        loggers().getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).setLevel(wanted);
    }

    private static LoggerContext loggers() {
        return (LoggerContext) LoggerFactory.getILoggerFactory();
    }
}
