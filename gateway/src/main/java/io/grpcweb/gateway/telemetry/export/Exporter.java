package io.grpcweb.gateway.telemetry.export;

import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends items of one kind to one collector. */
public final class Exporter {
    private static final Logger LOG = LoggerFactory.getLogger(Exporter.class);

    private final String what;
    private final Exports all;
    private final Limits limits;
    private final Envelope envelope;
    private final Collector collector;
    private final ExportCounters counters;
    private final Map<EventExecutor, Batch> batches = new ConcurrentHashMap<>();
    private final AtomicBoolean failing = new AtomicBoolean();

    Exporter(String what, Exports all, Limits limits, Envelope envelope, Collector collector, ExportCounters counters) {
        this.what = what;
        this.all = all;
        this.limits = limits;
        this.envelope = envelope;
        this.collector = collector;
        this.counters = counters;
    }

    /** A span or a log entry. */
    @FunctionalInterface
    public interface Item {
        /** Writes the field of the envelope's innermost message that it is. */
        void write(ProtoWriter out);
    }

    /**
     * When items are sent, counted for each event loop.
     *
     * @param items so many are sent at once
     * @param bytes so many are sent at once
     * @param interval no item waits longer
     * @param most so many wait; others are dropped
     */
    public record Limits(int items, int bytes, Duration interval, int most) {}

    /** Adds an item, on an event loop that serves; it is written before this method returns. */
    public void add(Item item) {
        EventExecutor loop = all.current();
        if (loop == null) {
            counters.dropped(1);
            return;
        }
        Batch batch = batches.get(loop);
        if (batch == null) {
            batch = batches.computeIfAbsent(loop, absent -> new Batch(this, absent));
        }
        batch.add(item);
    }

    /** Nothing is added any more: what waits is sent. */
    public void release() {
        all.closed(this);
        batches.values().forEach(batch -> batch.loop().execute(batch::flush));
    }

    /** Sends what waits; counts down for each event loop when its calls are over. */
    CountDownLatch end() {
        CountDownLatch left = new CountDownLatch(batches.size());
        batches.values().forEach(batch -> batch.loop().execute(() -> batch.end(left::countDown)));
        return left;
    }

    void ended(int items, String problem) {
        if (problem == null) {
            counters.sent(items);
            if (failing.get() && failing.compareAndSet(true, false)) {
                LOG.info("{} reach the cluster {} again", what, collector.cluster());
            }
            return;
        }
        counters.dropped(items);
        counters.failed(items);
        if (failing.compareAndSet(false, true)) {
            LOG.warn("{} do not reach the cluster {} and are dropped: {}", what, collector.cluster(), problem);
        }
    }

    Limits limits() {
        return limits;
    }

    Envelope envelope() {
        return envelope;
    }

    Collector collector() {
        return collector;
    }

    ExportCounters counters() {
        return counters;
    }
}
