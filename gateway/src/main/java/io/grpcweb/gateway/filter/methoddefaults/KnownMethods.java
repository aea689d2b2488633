package io.grpcweb.gateway.filter.methoddefaults;

import io.grpcweb.gateway.filter.reflection.ReflectedSchema;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.SideCalls;
import io.grpcweb.gateway.schema.ProtoSchema;
import io.grpcweb.gateway.schema.RpcMethod;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The methods of compiled proto files, or those that backends tell by reflection. No call waits for what is not known yet: the first one
 * has a backend asked. Any event loop.
 */
final class KnownMethods {
    /** A backend that has not told is asked again after so long. */
    private static final long PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** Clusters come and go with a control plane. */
    private static final int MOST_CLUSTERS = 1000;

    /** Null where there are none. */
    private final ProtoSchema compiled;

    private final boolean reflection;
    private final SideCalls calls;
    private final LongSupplier nanoTime;
    private final Map<String, Asked> clusters = new ConcurrentHashMap<>();

    private static final class Asked {
        private final ReflectedSchema<ProtoSchema> schema;
        private volatile long nextQuestion;

        Asked(ReflectedSchema<ProtoSchema> schema, long now) {
            this.schema = schema;
            this.nextQuestion = now;
        }
    }

    /**
     * Knows what was compiled.
     *
     * @param compiled null for nothing
     */
    KnownMethods(ProtoSchema compiled, boolean reflection, SideCalls calls, LongSupplier nanoTime) {
        this.compiled = compiled;
        this.reflection = reflection;
        this.calls = calls;
        this.nanoTime = nanoTime;
    }

    /** The method that is called; null where it is not known, or not yet. */
    RpcMethod of(Exchange exchange, CharSequence path) {
        if (compiled != null) {
            return compiled.method(path);
        }
        String cluster = exchange.info().cluster;
        if (!reflection || cluster == null) {
            return null;
        }
        Asked asked = clusters.get(cluster);
        if (asked == null) {
            if (clusters.size() >= MOST_CLUSTERS) {
                clusters.clear();
            }
            asked = clusters.computeIfAbsent(cluster, this::begin);
        }
        long now = nanoTime.getAsLong();
        if (now - asked.nextQuestion >= 0) {
            asked.nextQuestion = now + PAUSE_NANOS;
            asked.schema.refresh(exchange.executor());
        }
        ProtoSchema known = asked.schema.known();
        return known == null ? null : known.method(path);
    }

    private Asked begin(String cluster) {
        return new Asked(new ReflectedSchema<>(cluster, calls, schema -> schema, nanoTime), nanoTime.getAsLong());
    }
}
