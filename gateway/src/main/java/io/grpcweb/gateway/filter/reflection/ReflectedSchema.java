package io.grpcweb.gateway.filter.reflection;

import io.grpcweb.gateway.http.SideCalls;
import io.grpcweb.gateway.schema.ProtoSchema;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is made of the descriptors of a cluster's services, asked for by the first call that needs it. It is asked for again when it is old,
 * while calls go on with what is known; a failure is told to those who wait, and the next question waits for a pause.
 *
 * @param <T> what is made of the descriptors
 */
public final class ReflectedSchema<T> {
    private static final Logger LOG = LoggerFactory.getLogger(ReflectedSchema.class);
    private static final long OLD = TimeUnit.MINUTES.toNanos(1);
    private static final long PAUSE = TimeUnit.SECONDS.toNanos(1);

    private final String cluster;
    private final SideCalls calls;
    private final Function<ProtoSchema, T> make;
    private final LongSupplier nanoTime;
    private final Map<EventExecutor, Waiting> waiting = new ConcurrentHashMap<>();
    private volatile Known<T> known;

    /** Why nothing was fetched; said once. */
    private volatile String reason = "";

    /** What was fetched last, and when the next question may be asked. */
    private record Known<T>(ProtoSchema schema, T made, long nextAt) {}

    /** Those who wait on one event loop. */
    private final class Waiting implements SchemaFetch.Outcome {
        private final EventExecutor loop;
        private final List<Runnable> waits = new ArrayList<>(1);

        Waiting(EventExecutor loop) {
            this.loop = loop;
        }

        @Override
        public void fetched(ProtoSchema schema) {
            Known<T> before = known;
            T made = schema.equals(before.schema()) ? before.made() : make.apply(schema);
            known = new Known<>(schema, made, nanoTime.getAsLong() + OLD);
            reason = "";
            end();
        }

        @Override
        public void failed(String why) {
            if (!why.equals(reason)) {
                reason = why;
                LOG.warn("no descriptors from the cluster {} by reflection: {}", cluster, why);
            }
            known = new Known<>(known.schema(), known.made(), nanoTime.getAsLong() + PAUSE);
            end();
        }

        private void end() {
            waiting.remove(loop);
            List.copyOf(waits).forEach(Runnable::run);
        }
    }

    /**
     * Knows nothing yet.
     *
     * @param make is given descriptors that have changed
     */
    public ReflectedSchema(String cluster, SideCalls calls, Function<ProtoSchema, T> make, LongSupplier nanoTime) {
        this.cluster = cluster;
        this.calls = calls;
        this.make = make;
        this.nanoTime = nanoTime;
        this.known = new Known<>(null, null, nanoTime.getAsLong());
    }

    /** What is known; null for nothing. */
    public T known() {
        return known.made();
    }

    /** Asks again, where what is known is old and nobody on this event loop has asked. */
    public void refresh(EventExecutor loop) {
        if (nanoTime.getAsLong() - known.nextAt() >= 0 && !waiting.containsKey(loop)) {
            begin(loop, () -> {});
        }
    }

    /**
     * Waits for the answer to a question, which is asked if none is under way.
     *
     * @param done is run once on the event loop, perhaps before this returns; {@link #known} says how it went
     * @return forgets about it
     */
    public Runnable await(EventExecutor loop, Runnable done) {
        Waiting joined = waiting.get(loop);
        if (joined == null) {
            if (nanoTime.getAsLong() - known.nextAt() < 0) {
                done.run();
                return () -> {};
            }
            return begin(loop, done);
        }
        joined.waits.add(done);
        return () -> joined.waits.remove(done);
    }

    private Runnable begin(EventExecutor loop, Runnable done) {
        Waiting open = new Waiting(loop);
        open.waits.add(done);
        waiting.put(loop, open);
        new SchemaFetch(cluster, calls, loop, open).start();
        return () -> open.waits.remove(done);
    }
}
