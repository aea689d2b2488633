package io.grpcweb.gateway.overload;

import io.grpcweb.gateway.config.OverloadConfig.Kind;
import io.grpcweb.gateway.config.OverloadConfig.Place;
import io.grpcweb.gateway.config.OverloadConfig.Reduction;
import io.grpcweb.gateway.config.OverloadConfig.Timer;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * How short the process runs of what it needs, as the data path asks for it: a read of a variable that nobody writes as long
 * as all is well. {@link Overload} writes. For any thread.
 */
public final class Load {
    private static final double[] NOTHING = new double[0];

    private final AtomicLong connections = new AtomicLong();
    private final long mostConnections;
    private final long[] leastNanos = new long[Timer.values().length];
    private final double[] leastShare = new double[Timer.values().length];
    private final LongAdder[] shed = new LongAdder[Place.values().length];
    private final LongAdder streamsReset = new LongAdder();
    private volatile double[] actions = NOTHING;
    private volatile double[] places = NOTHING;

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
        for (int i = 0; i < leastShare.length; i++) {
            leastShare[i] = 1;
        }
        for (Reduction one : timers) {
            leastNanos[one.timer().ordinal()] = one.least().toNanos();
            leastShare[one.timer().ordinal()] = one.share();
        }
        for (int i = 0; i < shed.length; i++) {
            shed[i] = new LongAdder();
        }
    }

    /** How far an action is in force, 0 to 1. */
    public double of(Kind action) {
        double[] now = actions;
        return now.length == 0 ? 0 : now[action.ordinal()];
    }

    /** Whether an action hits this time: always where it is wholly in force, by chance where it is in part. */
    public boolean hits(Kind action) {
        return falls(actions, action.ordinal());
    }

    /** Whether work is turned away at a place this time; it is counted there. */
    public boolean sheds(Place place) {
        boolean falls = falls(places, place.ordinal());
        if (falls) {
            shed[place.ordinal()].increment();
        }
        return falls;
    }

    private static boolean falls(double[] shares, int index) {
        if (shares.length == 0) {
            return false;
        }
        double share = shares[index];
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
        return shed[place.ordinal()];
    }

    /** A timeout as it is now; zero stays zero, which means none. */
    public long nanos(Timer timer, long nanos) {
        double reduced = of(Kind.REDUCE_TIMEOUTS);
        if (reduced == 0 || nanos == 0) {
            return nanos;
        }
        long least =
                Math.min(nanos, Math.max(leastNanos[timer.ordinal()], (long) (nanos * leastShare[timer.ordinal()])));
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

    /** Says how short things are; both by ordinal, empty where all is well. */
    void put(double[] byAction, double[] byPlace) {
        actions = isNothing(byAction) ? NOTHING : byAction;
        places = isNothing(byPlace) ? NOTHING : byPlace;
    }

    private static boolean isNothing(double[] shares) {
        for (double share : shares) {
            if (share > 0) {
                return false;
            }
        }
        return true;
    }
}
