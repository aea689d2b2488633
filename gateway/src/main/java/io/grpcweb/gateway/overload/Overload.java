package io.grpcweb.gateway.overload;

import io.grpcweb.gateway.config.OverloadConfig;
import io.grpcweb.gateway.config.OverloadConfig.Kind;
import io.grpcweb.gateway.config.OverloadConfig.Place;
import io.grpcweb.gateway.config.OverloadConfig.Trigger;
import io.grpcweb.gateway.stats.Gauge;
import io.grpcweb.gateway.stats.OverloadStats;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the monitors again and again, and has done what they say: Envoy's overload manager. What the data path asks for
 * itself stands in {@link Load}, the rest is done by {@link Relief}. On one thread.
 */
public final class Overload implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Overload.class);
    private static final long SHRINK_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** Envoy's accounts of memory: the smallest kind, and seven that hold twice as much each. */
    private static final int BUCKETS = 8;

    /** Streams that are reset with one reading at the most. */
    private static final int RESETS = 50;

    /** A timeout is looked at again when it has changed by so much. */
    private static final double STEP = 0.1;

    private final OverloadConfig config;
    private final Load load;
    private final Relief relief;
    private final OverloadStats stats;
    private final List<Watched> watched = new ArrayList<>();
    private final Map<Kind, OverloadStats.Action> actionStats = new EnumMap<>(Kind.class);
    private final Map<Place, Gauge> placeStats = new EnumMap<>(Place.class);
    private LongAdder shrinks = new LongAdder();
    private double timersToldOf;
    private boolean accepting = true;
    private boolean collectedBefore;
    private long collectedNanos;
    private long readNanos;

    /** What cannot wait for somebody to ask. */
    public interface Relief {
        /** Takes connections, or leaves them in the system's queue. */
        void accept(boolean accepts);

        /** Timeouts have changed: those that run are looked at again. */
        void timersChanged();

        /**
         * Resets streams, of whatever connection.
         *
         * @param bytes that each of them has waiting at least
         * @param most how many of them
         */
        void resetStreams(long bytes, int most);

        /** Collects the heap and gives back what is free. */
        void shrinkHeap();
    }

    /** A monitor at work. */
    private static final class Watched {
        final String name;
        final Pressure pressure;
        final OverloadStats.Monitor stats;
        double last;
        boolean failed;

        Watched(String name, Pressure pressure, OverloadStats.Monitor stats) {
            this.name = name;
            this.pressure = pressure;
            this.stats = stats;
        }
    }

    /** Nothing is read before the first {@link #run}. */
    public Overload(OverloadConfig config, Load load, Relief relief, OverloadStats stats) {
        this.config = config;
        this.load = load;
        this.relief = relief;
        this.stats = stats;
        for (OverloadConfig.Monitor one : config.monitors()) {
            watched.add(new Watched(one.name(), Pressure.of(one, load), stats.monitor(one.name())));
        }
        config.actions().forEach(action -> actionStats.put(action.kind(), stats.action(name(action.kind()))));
        if (actionStats.containsKey(Kind.SHRINK_HEAP)) {
            shrinks = stats.shrinks(name(Kind.SHRINK_HEAP));
        }
        stats.streamsReset(load::streamsReset);
        config.shedPoints()
                .forEach(point -> placeStats.put(
                        point.place(), stats.shedPoint(name(point.place()), load.shed(point.place())::sum)));
    }

    /** Envoy's name of an action. */
    public static String name(Kind kind) {
        return "envoy.overload_actions." + kind.name().toLowerCase(Locale.ROOT);
    }

    /** Envoy's name of a place. */
    public static String name(Place place) {
        return "envoy.load_shed_points."
                + switch (place) {
                    case ACCEPT -> "tcp_listener_accept";
                    case REQUEST_HEAD -> "http_connection_manager_decode_headers";
                    case HTTP1_READ -> "http1_server_abort_dispatch";
                    case HTTP2_READ -> "http2_server_go_away_on_dispatch";
                    case HTTP2_READ_CLOSE -> "http2_server_go_away_and_close_on_dispatch";
                };
    }

    /** One reading. */
    @Override
    public void run() {
        long now = System.nanoTime();
        if (readNanos != 0) {
            stats.refreshIntervalDelay.recordNanos(now - readNanos);
        }
        readNanos = now;
        Map<String, Double> pressures = new LinkedHashMap<>();
        watched.forEach(one -> pressures.put(one.name, read(one)));
        Map<Kind, Double> byAction = new EnumMap<>(Kind.class);
        for (OverloadConfig.Action action : config.actions()) {
            double share = share(action.triggers(), pressures);
            note(byAction, action.kind(), share);
            OverloadStats.Action shown = actionStats.get(action.kind());
            shown.active().set(share >= 1 ? 1 : 0);
            shown.scalePercent().set((long) (share * 100));
        }
        Map<Place, Double> byPlace = new EnumMap<>(Place.class);
        for (OverloadConfig.ShedPoint point : config.shedPoints()) {
            double share = share(point.triggers(), pressures);
            note(byPlace, point.place(), share);
            placeStats.get(point.place()).set((long) (share * 100));
        }
        say(byAction);
        load.put(byAction, byPlace);
        relieve(now);
    }

    private static <K> void note(Map<K, Double> shares, K of, double share) {
        if (share > 0) {
            shares.put(of, share);
        }
    }

    private static double read(Watched one) {
        try {
            one.last = one.pressure.read();
            one.failed = false;
            one.stats.pressure().set((long) (one.last * 100));
        } catch (IOException e) {
            one.stats.failedUpdates().increment();
            if (!one.failed) {
                one.failed = true;
                LOG.warn("overload: {} cannot be read, what it said last holds: {}", one.name, e.getMessage());
            }
        }
        return one.last;
    }

    /** As far as the one trigger says that has come furthest. */
    private static double share(List<Trigger> triggers, Map<String, Double> pressures) {
        double most = 0;
        for (Trigger trigger : triggers) {
            double pressure = pressures.getOrDefault(trigger.monitor(), 0.0);
            if (pressure >= trigger.full()) {
                return 1;
            }
            if (pressure > trigger.from()) {
                most = Math.max(most, (pressure - trigger.from()) / (trigger.full() - trigger.from()));
            }
        }
        return most;
    }

    /** A line when an action begins and when it is over. */
    private void say(Map<Kind, Double> next) {
        for (OverloadConfig.Action action : config.actions()) {
            boolean before = load.of(action.kind()) > 0;
            boolean now = next.containsKey(action.kind());
            if (now != before) {
                LOG.warn("overload: {} {}", name(action.kind()), now ? "begins" : "is over");
            }
        }
    }

    private void relieve(long now) {
        boolean accepts = load.of(Kind.STOP_ACCEPTING_CONNECTIONS) < 1;
        if (accepts != accepting) {
            accepting = accepts;
            relief.accept(accepts);
        }
        double reduced = load.of(Kind.REDUCE_TIMEOUTS);
        if (Math.abs(reduced - timersToldOf) >= STEP || (reduced != timersToldOf && (reduced == 0 || reduced == 1))) {
            timersToldOf = reduced;
            relief.timersChanged();
        }
        double heavy = load.of(Kind.RESET_HIGH_MEMORY_STREAM);
        if (heavy > 0) {
            relief.resetStreams(leastBytes(heavy, config.smallestStream()), RESETS);
        }
        if (load.of(Kind.SHRINK_HEAP) >= 1 && (!collectedBefore || now - collectedNanos >= SHRINK_NANOS)) {
            collectedBefore = true;
            collectedNanos = now;
            shrinks.increment();
            relief.shrinkHeap();
        }
    }

    /** The more an action is in force, the more kinds of streams are reset, from the largest one on. */
    static long leastBytes(double share, int smallest) {
        int kinds = Math.min(BUCKETS, (int) (share * BUCKETS) + 1);
        return 1L << (smallest + BUCKETS - kinds);
    }
}
