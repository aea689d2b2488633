package io.grpcweb.gateway.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;

/**
 * The gateway's own log on its way to a stream that somebody else reads. Until traffic is served, lines are written by the
 * thread that has something to say. Afterwards a thread of its own writes them, and no event loop waits for a reader that
 * has stopped: what does not fit into the queue is dropped and counted, which the log says when it goes on.
 */
final class LogQueue extends UnsynchronizedAppenderBase<ILoggingEvent> {
    private static final int MOST_BYTES = 1 << 20;
    private static final int BATCH = 64 << 10;

    private final LogLayout layout;
    private final Sink sink;
    private final Object lock = new Object();
    private final ArrayDeque<byte[]> lines = new ArrayDeque<>();
    private int waiting;
    private boolean writing;
    private boolean apart;
    private long dropped;
    private long untold;

    /** Where lines go; asked for anew each time, since the standard streams of a JVM may be replaced. */
    @FunctionalInterface
    interface Sink {
        OutputStream stream();
    }

    LogQueue(LogLayout layout, Sink sink) {
        this.layout = layout;
        this.sink = sink;
    }

    /** From now on a thread of its own writes. */
    void standApart() {
        synchronized (lock) {
            if (apart) {
                return;
            }
            apart = true;
        }
        Thread thread = new Thread(this::run, "log");
        thread.setDaemon(true);
        thread.start();
    }

    /** The lines that were never written. */
    long dropped() {
        synchronized (lock) {
            return dropped;
        }
    }

    /** Waits until all is written, for so long at most. */
    void flush(long millis) {
        long end = System.nanoTime() + millis * 1_000_000;
        synchronized (lock) {
            try {
                for (long left = millis;
                        left > 0 && apart && (writing || waiting > 0);
                        left = (end - System.nanoTime()) / 1_000_000) {
                    lock.wait(left);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    protected void append(ILoggingEvent event) {
        // Here, because the line tells of this thread.
        byte[] line = layout.doLayout(event).getBytes(StandardCharsets.UTF_8);
        synchronized (lock) {
            if (!apart) {
                write(line, 1);
            } else if (waiting + line.length > MOST_BYTES) {
                dropped++;
                untold++;
            } else {
                lines.add(line);
                waiting += line.length;
                lock.notifyAll();
            }
        }
    }

    private void run() {
        ByteArrayOutputStream batch = new ByteArrayOutputStream();
        while (true) {
            batch.reset();
            int count = 0;
            synchronized (lock) {
                writing = false;
                while (lines.isEmpty()) {
                    lock.notifyAll();
                    try {
                        lock.wait();
                    } catch (InterruptedException e) {
                        return;
                    }
                }
                writing = true;
                for (; !lines.isEmpty() && batch.size() < BATCH; count++) {
                    byte[] line = lines.remove();
                    waiting -= line.length;
                    batch.writeBytes(line);
                }
                if (lines.isEmpty() && untold > 0) {
                    batch.writeBytes(notice());
                    untold = 0;
                }
            }
            write(batch.toByteArray(), count);
        }
    }

    /** Under the lock. */
    private byte[] notice() {
        Logger logger = (Logger) org.slf4j.LoggerFactory.getLogger(LogQueue.class);
        String text = untold + " lines of this log were dropped: nobody read them";
        LoggingEvent event = new LoggingEvent(LogQueue.class.getName(), logger, Level.WARN, text, null, null);
        return layout.doLayout(event).getBytes(StandardCharsets.UTF_8);
    }

    private void write(byte[] bytes, int count) {
        try {
            OutputStream out = sink.stream();
            out.write(bytes);
            out.flush();
        } catch (IOException e) {
            // A full disk; there is no other place to say it.
            synchronized (lock) {
                dropped += count;
                untold += count;
            }
        }
    }
}
