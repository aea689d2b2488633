package io.grpcweb.gateway.telemetry.export;

import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.TimeUnit;

/** The items of one event loop that wait to be sent; confined to it. */
final class Batch {
    /** A collector that hangs gets no more calls from this event loop. */
    private static final int MOST_CALLS = 4;

    /** Below what gRPC servers take in one message. */
    private static final int FULL_BYTES = 1 << 20;

    private final Exporter exporter;
    private final EventExecutor loop;
    private final ProtoWriter out = new ProtoWriter();
    private int count;
    private int calls;
    private boolean timed;
    private Runnable atEnd;

    Batch(Exporter exporter, EventExecutor loop) {
        this.exporter = exporter;
        this.loop = loop;
    }

    EventExecutor loop() {
        return loop;
    }

    void add(Exporter.Item item) {
        Exporter.Limits limits = exporter.limits();
        if (count >= limits.most() || out.size() >= FULL_BYTES) {
            exporter.counters().dropped(1);
            return;
        }
        int before = out.size();
        boolean whole = false;
        try {
            item.write(out);
            whole = true;
        } finally {
            if (!whole) {
                out.truncate(before);
            }
        }
        count++;
        if (isDue() && calls < MOST_CALLS) {
            flush();
        } else if (!timed) {
            timed = true;
            loop.schedule(this::tooOld, limits.interval().toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private boolean isDue() {
        return count >= exporter.limits().items()
                || out.size() >= exporter.limits().bytes();
    }

    private void tooOld() {
        timed = false;
        if (count == 0) {
            return;
        }
        if (calls < MOST_CALLS) {
            exporter.counters().flushedByTimer();
            flush();
        } else {
            timed = true;
            loop.schedule(this::tooOld, exporter.limits().interval().toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    /** Sends all that waits, and says when every call is over. */
    void end(Runnable done) {
        atEnd = done;
        flush();
        ended();
    }

    /** Sends all that waits. */
    void flush() {
        if (count == 0) {
            return;
        }
        int items = count;
        byte[] message = exporter.envelope().around(out);
        out.clear();
        count = 0;
        calls++;
        exporter.collector().send(loop, message, problem -> {
            calls--;
            exporter.ended(items, problem);
            if (isDue() && count > 0) {
                flush();
            }
            ended();
        });
    }

    private void ended() {
        if (atEnd != null && calls == 0) {
            Runnable done = atEnd;
            atEnd = null;
            done.run();
        }
    }
}
