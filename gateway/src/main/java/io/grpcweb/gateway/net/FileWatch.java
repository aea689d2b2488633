package io.grpcweb.gateway.net;

import io.grpcweb.gateway.config.TlsConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks again and again whether files of certificates and keys have changed, and has them read anew. It looks at what a
 * name means now, so a link that is turned to another folder counts, too. What cannot be used changes nothing: it is said,
 * counted, and tried again at the next change. On a thread of its own, since files may be slow.
 */
public final class FileWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FileWatch.class);

    private final List<Entry> entries = new CopyOnWriteArrayList<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final SecretStore secrets = new SecretStore();
    private final LongAdder reloads = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final Duration period;
    private ScheduledExecutorService thread;

    /** Reads files and puts what it made of them in force. */
    @FunctionalInterface
    public interface Reading {
        void read() throws IOException;
    }

    /** Files that are watched until it is closed. */
    @FunctionalInterface
    public interface Watched extends AutoCloseable {
        @Override
        void close();
    }

    public FileWatch(Duration period) {
        this.period = period;
    }

    /**
     * Reads sources, and again when the files among them change, until what it returns is closed.
     *
     * @throws IOException from the first reading; then nothing is watched
     */
    public synchronized Watched watch(List<TlsConfig.Source> sources, Reading reading) throws IOException {
        List<Path> files = sources.stream()
                .filter(TlsConfig.Source.File.class::isInstance)
                .map(source -> Path.of(((TlsConfig.Source.File) source).path()))
                .toList();
        // Looked at before they are read: what changes in between is read again.
        Entry entry = new Entry(files, reading);
        reading.read();
        if (files.isEmpty()) {
            return () -> {};
        }
        entries.add(entry);
        if (thread == null) {
            thread = Executors.newSingleThreadScheduledExecutor(task -> {
                Thread fresh = new Thread(task, "files");
                fresh.setDaemon(true);
                return fresh;
            });
            thread.scheduleWithFixedDelay(this::look, period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
        }
        return () -> entries.remove(entry);
    }

    /** The secrets that have come from elsewhere. */
    public SecretStore secrets() {
        return secrets;
    }

    /** Registers someone who is told, on the thread that watches, when something new is in force. */
    public void onReload(Runnable listener) {
        listeners.add(listener);
    }

    private void look() {
        boolean any = false;
        for (Entry entry : entries) {
            any |= entry.look();
        }
        if (any) {
            listeners.forEach(Runnable::run);
        }
    }

    /** How often changed files were put in force. */
    public long reloads() {
        return reloads.sum();
    }

    /** How often they could not be used. */
    public long failures() {
        return failures.sum();
    }

    @Override
    public synchronized void close() {
        if (thread != null) {
            thread.shutdownNow();
        }
    }

    /** Files that belong together. */
    private final class Entry {
        private final List<Path> files;
        private final Reading reading;
        private FileState seen;

        Entry(List<Path> files, Reading reading) {
            this.files = files;
            this.reading = reading;
            this.seen = FileState.of(files);
        }

        private boolean look() {
            if (!seen.hasChanged()) {
                return false;
            }
            seen = FileState.of(files);
            try {
                reading.read();
                reloads.increment();
                LOG.info("{} changed and are in force", files);
                return true;
            } catch (IOException | RuntimeException e) {
                failures.increment();
                LOG.warn("{} changed and cannot be used, what was read before stays: {}", files, e.getMessage());
                return false;
            }
        }
    }
}
