package io.grpcweb.gateway.telemetry.export;

import io.grpcweb.gateway.config.CollectorConfig;
import io.grpcweb.gateway.http.SideCalls;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.FastThreadLocal;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What a gateway sends to collectors. */
public final class Exports {
    private final SideCalls calls;
    private final Set<Exporter> open = ConcurrentHashMap.newKeySet();
    private final FastThreadLocal<EventExecutor> current;

    /**
     * Nothing is sent yet.
     *
     * @param loops those that serve
     */
    public Exports(Iterable<EventExecutor> loops, SideCalls calls) {
        this.calls = calls;
        this.current = new FastThreadLocal<>() {
            @Override
            protected EventExecutor initialValue() {
                for (EventExecutor loop : loops) {
                    if (loop.inEventLoop()) {
                        return loop;
                    }
                }
                return null;
            }
        };
    }

    /**
     * Sends items of one kind to a collector.
     *
     * @param what they are called in logs, such as {@code spans}
     * @param method that takes them over gRPC
     */
    public Exporter open(
            String what,
            CollectorConfig collector,
            String method,
            Exporter.Limits limits,
            Envelope envelope,
            ExportCounters counters) {
        Exporter made = new Exporter(what, this, limits, envelope, new Collector(collector, method, calls), counters);
        open.add(made);
        return made;
    }

    /** The event loop of this thread; null where it is none that serves. */
    EventExecutor current() {
        return current.get();
    }

    void closed(Exporter exporter) {
        open.remove(exporter);
    }

    /** Sends all that waits, and gives the calls this long. */
    public void close(Duration limit) {
        List<CountDownLatch> left = open.stream().map(Exporter::end).toList();
        long deadline = System.nanoTime() + limit.toNanos();
        try {
            for (CountDownLatch one : left) {
                one.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
