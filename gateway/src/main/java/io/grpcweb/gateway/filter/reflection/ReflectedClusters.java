package io.grpcweb.gateway.filter.reflection;

import io.grpcweb.gateway.http.SideCalls;
import io.grpcweb.gateway.schema.ProtoSchema;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * What is made of the descriptors of many clusters, none of which is asked before a call needs it. Any event loop.
 *
 * @param <T> what is made of the descriptors
 */
public final class ReflectedClusters<T> {
    /** A backend that has not told is left alone for so long, where nothing else is said. */
    private static final long PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** Clusters come and go with a control plane; those that were asked about are forgotten when there are so many. */
    private static final int MOST = 1000;

    private final SideCalls calls;
    private final Function<ProtoSchema, T> make;
    private final LongSupplier nanoTime;
    private final long pauseNanos;
    private final int most;
    private final Map<String, Asked> clusters = new ConcurrentHashMap<>();

    /** One cluster, and until when it is left alone. */
    public final class Asked {
        private final ReflectedSchema<T> schema;
        private volatile long restsUntil = nanoTime.getAsLong();

        private Asked(String cluster) {
            this.schema = new ReflectedSchema<>(cluster, calls, make, nanoTime);
        }

        /** What it tells. */
        public ReflectedSchema<T> schema() {
            return schema;
        }

        /** Whether it is left alone at the moment. */
        public boolean rests() {
            return nanoTime.getAsLong() - restsUntil < 0;
        }

        /** From now on it is left alone for a while. */
        public void rest() {
            restsUntil = nanoTime.getAsLong() + pauseNanos;
        }
    }

    /**
     * Knows nothing yet.
     *
     * @param make is given descriptors that have changed
     */
    public ReflectedClusters(SideCalls calls, Function<ProtoSchema, T> make, LongSupplier nanoTime) {
        this(calls, make, nanoTime, PAUSE_NANOS, MOST);
    }

    /**
     * Knows nothing yet.
     *
     * @param pauseNanos how long a backend rests
     * @param most clusters; all are forgotten when another one comes
     */
    ReflectedClusters(
            SideCalls calls, Function<ProtoSchema, T> make, LongSupplier nanoTime, long pauseNanos, int most) {
        this.pauseNanos = pauseNanos;
        this.most = most;
        this.calls = calls;
        this.make = make;
        this.nanoTime = nanoTime;
    }

    /** The cluster of this name. */
    public Asked of(String cluster) {
        Asked known = clusters.get(cluster);
        if (known != null) {
            return known;
        }
        if (clusters.size() >= most) {
            clusters.clear();
        }
        return clusters.computeIfAbsent(cluster, Asked::new);
    }
}
