package io.grpcweb.gateway.telemetry;

import io.grpcweb.gateway.stats.FileStats;
import io.netty.util.internal.PlatformDependent;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes lines to a file or a stream on a thread of its own. Event loops put lines into a bounded queue and go on: where
 * the disk is slow or full, lines are dropped and counted, and the traffic does not notice.
 */
final class LogWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LogWriter.class);
    private static final int MAX_LINES = 16 * 1024;
    private static final long MAX_BYTES = 16L << 20;
    private static final int BATCH_BYTES = 64 * 1024;
    private static final long PAUSE_NANOS = 100_000_000;
    private static final long CLOSE_MILLIS = 5000;

    private final String path;
    private final Destination destination;
    private final FileStats stats;
    private final Queue<byte[]> lines = PlatformDependent.newFixedMpscQueue(MAX_LINES);
    private final AtomicLong waitingBytes = new AtomicLong();
    private final LongAdder dropped;
    private final Thread thread;
    private final byte[] batch = new byte[BATCH_BYTES];
    private OutputStream out;
    private boolean afterFailure;
    private volatile boolean reopen;
    private volatile boolean closed;

    /** Opens what is written to. */
    @FunctionalInterface
    interface Destination {
        OutputStream open() throws IOException;

        static Destination file(String path) {
            return () -> new FileOutputStream(path, true);
        }

        static Destination stdout() {
            return () -> new Standard(FileDescriptor.out);
        }

        static Destination stderr() {
            return () -> new Standard(FileDescriptor.err);
        }
    }

    /** A stream of the process, which others write to as well: it stays open. */
    private static final class Standard extends FileOutputStream {
        Standard(FileDescriptor descriptor) {
            super(descriptor);
        }

        @Override
        public void close() {}
    }

    /**
     * Opens the destination and begins to write.
     *
     * @param path for messages
     * @param dropped counts lines that could not be written
     */
    LogWriter(String path, Destination destination, FileStats stats, LongAdder dropped) throws IOException {
        this.path = path;
        this.destination = destination;
        this.stats = stats;
        this.dropped = dropped;
        this.out = destination.open();
        this.thread = new Thread(this::run, "access-log");
        thread.setDaemon(true);
        thread.start();
    }

    /** Hands a line over; any thread, never waits. */
    void offer(byte[] line) {
        if (waitingBytes.get() > MAX_BYTES || closed || !lines.offer(line)) {
            dropped.increment();
            return;
        }
        waitingBytes.addAndGet(line.length);
        stats.writeBuffered.increment();
        stats.writeTotalBuffered.add(line.length);
    }

    /** The file is opened again before the next line: it may have been moved away. */
    void reopen() {
        reopen = true;
        LockSupport.unpark(thread);
    }

    /** Writes what is waiting, for a few seconds at most. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        try {
            thread.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (true) {
            boolean last = closed;
            if (reopen) {
                reopen = false;
                reopenNow();
            }
            boolean wrote = drain();
            if (last && !wrote) {
                closeQuietly();
                return;
            }
            if (!wrote) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    /** Writes one batch; returns whether there was anything. */
    private boolean drain() {
        int size = 0;
        int count = 0;
        long taken = 0;
        byte[] line = lines.poll();
        if (line == null) {
            return false;
        }
        while (line != null) {
            taken += line.length;
            if (line.length > batch.length - size) {
                write(batch, size, count);
                size = 0;
                count = 0;
            }
            if (line.length > batch.length) {
                write(line, line.length, 1);
            } else {
                System.arraycopy(line, 0, batch, size, line.length);
                size += line.length;
                count++;
            }
            line = size > batch.length / 2 ? null : lines.poll();
        }
        // Once a batch: event loops count here with every line.
        waitingBytes.addAndGet(-taken);
        stats.writeTotalBuffered.add(-taken);
        write(batch, size, count);
        return true;
    }

    private void write(byte[] bytes, int size, int count) {
        if (size == 0) {
            return;
        }
        try {
            if (afterFailure) {
                // What failed may have left half a line.
                out.write('\n');
            }
            out.write(bytes, 0, size);
            stats.writeCompleted.increment();
            stats.flushedByTimer.increment();
            if (afterFailure) {
                LOG.warn("The access log {} is written again", path);
            }
            afterFailure = false;
        } catch (IOException e) {
            stats.writeFailed.increment();
            dropped.add(count);
            if (!afterFailure) {
                LOG.warn("The access log {} cannot be written, lines are dropped: {}", path, e.getMessage());
            }
            afterFailure = true;
        }
    }

    private void reopenNow() {
        try {
            OutputStream fresh = destination.open();
            closeQuietly();
            out = fresh;
            afterFailure = false;
        } catch (IOException e) {
            stats.reopenFailed.increment();
            LOG.warn("The access log {} cannot be opened again, the old file stays in use: {}", path, e.getMessage());
        }
    }

    private void closeQuietly() {
        try {
            out.close();
        } catch (IOException e) {
            LOG.debug("closing {}", path, e);
        }
    }
}
