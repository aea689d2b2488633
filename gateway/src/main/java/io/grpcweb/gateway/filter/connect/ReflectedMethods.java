package io.grpcweb.gateway.filter.connect;

import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.MethodPath;
import io.grpcweb.gateway.http.UnaryCalls;
import io.grpcweb.gateway.schema.ProtoSchema;
import io.grpcweb.gateway.schema.RpcMethod;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The methods that backends tell of by reflection, asked for when the first call with JSON comes. What was found is used for
 * a minute, and then on until something newer is known; what was not found is asked for again after ten seconds.
 */
final class ReflectedMethods implements Methods {
    private static final Logger LOG = LoggerFactory.getLogger(ReflectedMethods.class);
    private static final long FRESH = TimeUnit.MINUTES.toNanos(1);
    private static final long MISSED = TimeUnit.SECONDS.toNanos(10);

    /** Services are named by callers. */
    private static final int MOST_SERVICES = 1000;

    private final UnaryCalls calls;
    private final LongSupplier nanoTime;
    private final Map<String, Service> services = new ConcurrentHashMap<>();

    /** The clusters of which a line in the log has said that they do not tell. */
    private final Set<String> silent = ConcurrentHashMap.newKeySet();

    ReflectedMethods(UnaryCalls calls, LongSupplier nanoTime) {
        this.calls = calls;
        this.nanoTime = nanoTime;
    }

    @Override
    public void find(Exchange exchange, String path, Observer observer) {
        String cluster = exchange.info().cluster;
        if (cluster == null || !MethodPath.isUsual(path)) {
            observer.untold();
            return;
        }
        String name = path.substring(1, path.indexOf('/', 1));
        String key = cluster + '/' + name;
        Service service = services.get(key);
        if (service == null) {
            if (services.size() >= MOST_SERVICES) {
                services.values().removeIf(Service::isMissing);
            }
            service = services.computeIfAbsent(key, absent -> new Service(cluster, name));
        }
        service.find(exchange.executor(), path, observer);
    }

    @Override
    public RpcMethod known(String path) {
        return null;
    }

    /** What is known of one service of one cluster. */
    private final class Service implements Reflection.Listener {
        private final String cluster;
        private final String name;
        private final List<Runnable> waiting = new ArrayList<>();
        private boolean asking;

        /** Null before the first outcome. */
        private volatile Outcome outcome;

        Service(String cluster, String name) {
            this.cluster = cluster;
            this.name = name;
        }

        boolean isMissing() {
            Outcome now = outcome;
            return now != null && now.schema == null;
        }

        void find(EventExecutor loop, String path, Observer observer) {
            Outcome now = outcome;
            boolean fresh = now != null && nanoTime.getAsLong() - now.at < (now.schema == null ? MISSED : FRESH);
            if (now != null && (fresh || now.schema != null)) {
                if (!fresh) {
                    ask(loop, null);
                }
                now.tell(path, observer);
            } else {
                ask(loop, () -> loop.execute(() -> outcome.tell(path, observer)));
            }
        }

        private void ask(EventExecutor loop, Runnable waiter) {
            synchronized (waiting) {
                if (waiter != null) {
                    waiting.add(waiter);
                }
                if (asking) {
                    return;
                }
                asking = true;
            }
            Reflection.ask(calls, loop, cluster, name, nanoTime, this);
        }

        @Override
        public void described(ProtoSchema schema) {
            silent.remove(cluster);
            settle(new Outcome(nanoTime.getAsLong(), schema, new MessageCodec(schema), false));
        }

        @Override
        public void absent() {
            settle(new Outcome(nanoTime.getAsLong(), null, null, true));
        }

        @Override
        public void failed(String reason) {
            if (silent.add(cluster)) {
                LOG.warn("cluster {} does not describe {}, so that JSON for it stays JSON: {}", cluster, name, reason);
            }
            Outcome before = outcome;
            settle(
                    before != null && before.schema != null
                            ? new Outcome(nanoTime.getAsLong(), before.schema, before.codec, false)
                            : new Outcome(nanoTime.getAsLong(), null, null, false));
        }

        private void settle(Outcome found) {
            List<Runnable> told;
            synchronized (waiting) {
                outcome = found;
                asking = false;
                told = List.copyOf(waiting);
                waiting.clear();
            }
            told.forEach(Runnable::run);
        }
    }

    /**
     * What a backend said of a service.
     *
     * @param at in the time of the clock
     * @param schema null where it has not told
     * @param absent whether it has said that there is no such service
     */
    private record Outcome(long at, ProtoSchema schema, MessageCodec codec, boolean absent) {

        void tell(String path, Observer observer) {
            RpcMethod method = schema == null ? null : schema.method(path);
            if (method != null) {
                observer.found(new Method(method, codec));
            } else if (schema != null || absent) {
                observer.unknown();
            } else {
                observer.untold();
            }
        }
    }
}
