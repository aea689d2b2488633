package io.grpcweb.gateway.source;

import io.grpcweb.gateway.config.ConfigDiff;
import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.ConfigProblem;
import io.grpcweb.gateway.config.FilesRead;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.net.FileState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a configuration again when it is told to, and, if wanted, when one of its files has changed: it looks at what a name
 * means now, so a file that is replaced by a rename counts, and a link that is turned to another folder. A configuration with
 * a mistake changes nothing. One thread of its own does all of it, one reload at a time.
 */
public final class FileSource implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FileSource.class);

    private static final Outcome ENDED = Outcome.failure(List.of("the gateway ends"));

    private final Reader reader;
    private final Target target;
    private final ReloadStats stats;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread fresh = new Thread(task, "configuration");
        fresh.setDaemon(true);
        return fresh;
    });
    private FileState files;

    /** Reads the configuration as it is now. */
    public interface Reader {
        /**
         * Reads it.
         *
         * @param files is told of every file that is read
         */
        GatewayConfig read(FilesRead files) throws ConfigException;

        /** Reads another file in its place, with all else that was asked for at the start. */
        GatewayConfig read(Path other) throws ConfigException;
    }

    /** Puts a configuration in force. */
    public interface Target {
        /** The configuration in force. */
        GatewayConfig config();

        /**
         * Puts all of it in force, or nothing.
         *
         * @return what of it takes a restart
         * @throws IOException says what cannot be used
         */
        List<String> apply(GatewayConfig config) throws IOException, InterruptedException;

        /** The configuration is read again. */
        default void reloading() {}

        /** What came of it. */
        default void reloaded(Outcome outcome) {}
    }

    /**
     * For a configuration that is in force already.
     *
     * @param read the files that it was read from
     * @param stats counts reloads
     */
    public FileSource(Reader reader, Target target, List<Path> read, ReloadStats stats) {
        this.reader = reader;
        this.target = target;
        this.stats = stats;
        this.files = FileState.of(read);
    }

    /** From now on it looks at the files again and again. */
    public void watch(Duration period) {
        thread.scheduleWithFixedDelay(this::look, period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look() {
        if (files.hasChanged()) {
            LOG.info("{} changed: reading the configuration again", files.changed());
            reload();
        }
    }

    /** Reads it now, whether or not its files have changed, and waits for the end. */
    public Outcome reloadNow() {
        return inTurn(this::reload);
    }

    /** What a reload with another file would change: a line for each difference. */
    public Outcome wouldChange(Path other) {
        return inTurn(() -> compare(other));
    }

    private Outcome inTurn(Callable<Outcome> job) {
        try {
            return thread.submit(job).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ENDED;
        } catch (RejectedExecutionException e) {
            return ENDED;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /** {@link #reloadNow} without waiting. */
    public void requestReload() {
        thread.execute(this::reload);
    }

    private Outcome compare(Path other) {
        try {
            List<ConfigDiff.Change> changes = ConfigDiff.of(target.config(), reader.read(other));
            return Outcome.success(
                    changes.isEmpty()
                            ? List.of("no difference")
                            : changes.stream().map(ConfigDiff.Change::toString).toList());
        } catch (ConfigException e) {
            return failure(e);
        }
    }

    private static Outcome failure(ConfigException e) {
        return Outcome.failure(
                e.problems().stream().map(ConfigProblem::toString).toList());
    }

    private Outcome reload() {
        target.reloading();
        FilesRead read = new FilesRead();
        // Looked at before they are read: what changes in between is read again.
        FileState before = FileState.of(files.paths());
        Outcome outcome;
        try {
            GatewayConfig next = reader.read(read);
            next.warnings().forEach(LOG::warn);
            List<String> later = target.apply(next);
            later.forEach(LOG::warn);
            outcome = Outcome.success(later);
            LOG.info("the configuration was read again and is in force");
        } catch (ConfigException e) {
            outcome = failure(e);
        } catch (IOException | RuntimeException e) {
            outcome = Outcome.failure(List.of(String.valueOf(e.getMessage() == null ? e : e.getMessage())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ENDED;
        }
        // A file with a mistake may name others than before: both may mend it.
        files = outcome.isSuccess() ? before.only(read.all()) : before.and(read.all());
        if (!outcome.isSuccess()) {
            LOG.error(
                    "the configuration was read again and cannot be used, the old one stays in force:\n  {}",
                    String.join("\n  ", outcome.lines()));
        }
        stats.ended(outcome, Instant.now());
        target.reloaded(outcome);
        return outcome;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
