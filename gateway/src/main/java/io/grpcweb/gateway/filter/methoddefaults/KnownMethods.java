package io.grpcweb.gateway.filter.methoddefaults;

import io.grpcweb.gateway.filter.reflection.ReflectedClusters;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.SideCalls;
import io.grpcweb.gateway.schema.ProtoSchema;
import io.grpcweb.gateway.schema.RpcMethod;
import java.util.function.LongSupplier;

/**
 * The methods of compiled proto files, or those that backends tell by reflection. No call waits for what is not known yet: the first one
 * has a backend asked. Any event loop.
 */
final class KnownMethods {
    /** Null where there are none. */
    private final ProtoSchema compiled;

    private final boolean reflection;
    private final ReflectedClusters<ProtoSchema> clusters;

    /**
     * Knows what was compiled.
     *
     * @param compiled null for nothing
     */
    KnownMethods(ProtoSchema compiled, boolean reflection, SideCalls calls, LongSupplier nanoTime) {
        this.compiled = compiled;
        this.reflection = reflection;
        this.clusters = new ReflectedClusters<>(calls, schema -> schema, nanoTime);
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
        ReflectedClusters<ProtoSchema>.Asked asked = clusters.of(cluster);
        if (!asked.rests()) {
            asked.rest();
            asked.schema().refresh(exchange.executor());
        }
        ProtoSchema known = asked.schema().known();
        return known == null ? null : known.method(path);
    }
}
