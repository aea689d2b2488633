package io.grpcweb.gateway.overload;

import io.grpcweb.gateway.config.OverloadConfig.Kind;
import io.grpcweb.gateway.config.OverloadConfig.Place;
import io.grpcweb.gateway.config.OverloadConfig.Reduction;
import io.grpcweb.gateway.config.OverloadConfig.Timer;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * How short the process runs of what it needs, as the data path asks for it: a read of a variable that nobody writes as long
 * as all is well. {@link Overload} writes. For any thread.
 */
public final class Load {
    private final AtomicLong connections = new AtomicLong();
    private final long mostConnections;
    private final Map<Timer, Reduction> timers = new EnumMap<>(Timer.class);
    private final Map<Place, LongAdder> shed = new EnumMap<>(Place.class);
    private final LongAdder streamsReset = new LongAdder();

    /** Those that are in force, wholly or in part; nothing is changed in these maps. */
    private volatile Map<Kind, Double> actions = Map.of();

    private volatile Map<Place, Double> places = Map.of();

    /** One under which nothing is ever short. */
    public Load() {
        this(Long.MAX_VALUE, List.of());
    }

    /**
     * One of a process in which nothing is short yet.
     *
     * @param mostConnections of clients, of all listeners that count theirs
     * @param timers the timeouts that may become shorter
     */
    public Load(long mostConnections, List<Reduction> timers) {
        this.mostConnections = mostConnections;
        timers.forEach(one -> this.timers.put(one.timer(), one));
        for (Place place : Place.values()) {
            shed.put(place, new LongAdder());
        }
    }

    /** How far an action is in force, 0 to 1. */
    public double of(Kind action) {
        return actions.getOrDefault(action, 0.0);
    }

    /** Whether an action hits this time: always where it is wholly in force, by chance where it is in part. */
    public boolean hits(Kind action) {
        Map<Kind, Double> now = actions;
        return !now.isEmpty() && falls(now.getOrDefault(action, 0.0));
    }

    /** Whether work is turned away at a place this time; it is counted there. */
    public boolean sheds(Place place) {
        Map<Place, Double> now = places;
        boolean falls = !now.isEmpty() && falls(now.getOrDefault(place, 0.0));
        if (falls) {
            shed.get(place).increment();
        }
        return falls;
    }

    private static boolean falls(double share) {
        return share >= 1 || share > 0 && ThreadLocalRandom.current().nextDouble() < share;
    }

    /** Streams were reset since much waited in them. */
    public void streamsReset(int count) {
        streamsReset.add(count);
    }

    /** How many those are by now. */
    long streamsReset() {
        return streamsReset.sum();
    }

    /** How often work was turned away at a place. */
    LongAdder shed(Place place) {
        return shed.get(place);
    }

    /** A timeout as it is now; zero stays zero, which means none. */
    public long nanos(Timer timer, long nanos) {
        double reduced = of(Kind.REDUCE_TIMEOUTS);
        Reduction by = reduced == 0 || nanos == 0 ? null : timers.get(timer);
        if (by == null) {
            return nanos;
        }
        long least = Math.min(nanos, Math.max(by.least().toNanos(), (long) (nanos * by.share())));
        return Math.max(1, least + (long) ((nanos - least) * (1 - reduced)));
    }

    /** Takes a place for a connection; false where there is none left. */
    public boolean opened() {
        if (connections.incrementAndGet() <= mostConnections) {
            return true;
        }
        connections.decrementAndGet();
        return false;
    }

    /** The connection is gone. */
    public void closed() {
        connections.decrementAndGet();
    }

    /** Connections that have a place. */
    public long connections() {
        return connections.get();
    }

    /** How many there may be. */
    public long mostConnections() {
        return mostConnections;
    }

    /** Says how short things are: what is in force at all. */
    void put(Map<Kind, Double> byAction, Map<Place, Double> byPlace) {
        actions = Map.copyOf(byAction);
        places = Map.copyOf(byPlace);
    }
}
