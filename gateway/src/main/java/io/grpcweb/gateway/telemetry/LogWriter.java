package io.grpcweb.gateway.telemetry;

import io.grpcweb.gateway.format.LineBuffer;
import io.grpcweb.gateway.stats.FileStats;
import io.netty.util.concurrent.FastThreadLocal;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes lines to a file or a stream on a thread of its own. Each event loop has a queue for its lines and goes on: where
 * the disk is slow or full, lines are dropped and counted, and the traffic does not notice.
 */
final class LogWriter implements LineBuffer.Sink, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LogWriter.class);
    private static final long MAX_BYTES = 16L << 20;
    private static final long PAUSE_NANOS = 100_000_000;
    private static final long CLOSE_MILLIS = 5000;

    private final String path;
    private final Destination destination;
    private final FileStats stats;
    private final LongAdder dropped;
    private final Thread thread;
    private final LineStock stock;
    private final LineMerge merge = new LineMerge(this::write);
    private final FastThreadLocal<LineQueue> queueOfThread = new FastThreadLocal<>() {
        @Override
        protected LineQueue initialValue() {
            LineQueue queue = new LineQueue(stock);
            merge.add(queue);
            return queue;
        }
    };
    private final ByteBuffer newline = ByteBuffer.allocateDirect(1).put((byte) '\n');
    private WritableByteChannel out;
    private boolean afterFailure;
    private volatile boolean reopen;
    private volatile boolean closed;

    /** Opens what is written to. */
    @FunctionalInterface
    interface Destination {
        WritableByteChannel open() throws IOException;

        static Destination file(String path) {
            return () -> new FileOutputStream(path, true).getChannel();
        }

        static Destination stdout() {
            return () -> new Standard(new FileOutputStream(FileDescriptor.out).getChannel());
        }

        static Destination stderr() {
            return () -> new Standard(new FileOutputStream(FileDescriptor.err).getChannel());
        }
    }

    /** A stream of the process, which others write to as well: it stays open. */
    private record Standard(WritableByteChannel stream) implements WritableByteChannel {
        @Override
        public int write(ByteBuffer bytes) throws IOException {
            return stream.write(bytes);
        }

        @Override
        public boolean isOpen() {
            return stream.isOpen();
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
        this.stock = new LineStock(MAX_BYTES, () -> LockSupport.unpark(thread));
        thread.setDaemon(true);
        thread.start();
    }

    /** Hands a line over; any thread, never waits. */
    @Override
    public void offer(byte[] line, int length) {
        if (closed || !queueOfThread.get().offer(line, length, System.nanoTime())) {
            dropped.increment();
        }
    }

    /** The bytes of the lines that are not written yet. */
    long waiting() {
        return merge.waiting();
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
            boolean wrote = merge.drain(System.nanoTime());
            if (last && !wrote) {
                closeQuietly();
                return;
            }
            if (!last) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private void write(ByteBuffer lines, int count) {
        stats.writeBuffered.add(count);
        try {
            if (afterFailure) {
                // What failed may have left half a line.
                writeAll(newline.rewind());
            }
            writeAll(lines);
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

    private void writeAll(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            if (out.write(bytes) == 0) {
                // A stream that somebody else has made non-blocking: whoever reads it is too slow.
                throw new IOException("nothing can be written now");
            }
        }
    }

    private void reopenNow() {
        try {
            WritableByteChannel fresh = destination.open();
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
