package io.grpcweb.gateway.stats;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** What runs short and what is done about it: {@code overload.*}. */
public final class OverloadStats extends StatGroup {
    private final Actions actions = new Actions();
    public final Histogram refreshIntervalDelay = histogram("refresh_interval_delay", true);

    /** What Envoy counts outside of the group. */
    private static final class Actions extends StatGroup {
        private volatile LongSupplier streamsReset = () -> 0;

        Actions() {
            super("envoy.overload_actions", "envoy_envoy_overload_actions", List.of());
            counter("reset_high_memory_stream.count", () -> streamsReset.getAsLong());
        }
    }

    OverloadStats() {
        super("overload", "envoy_overload", List.of());
    }

    /** Of one monitor. */
    public record Monitor(Gauge pressure, LongAdder failedUpdates, LongAdder skippedUpdates) {}

    /** Of one action. */
    public record Action(Gauge active, Gauge scalePercent) {}

    /** To be asked for once, at wiring time. */
    public Monitor monitor(String name) {
        return new Monitor(
                gauge(name + ".pressure"), counter(name + ".failed_updates"), counter(name + ".skipped_updates"));
    }

    /** To be asked for once, at wiring time. */
    public Action action(String name) {
        return new Action(gauge(name + ".active"), gauge(name + ".scale_percent"));
    }

    /** How far work is turned away at a place; to be asked for once, at wiring time. */
    public Gauge shedPoint(String name, LongSupplier shed) {
        counter(name + ".shed_load_count", shed);
        return gauge(name + ".scale_percent");
    }

    /** Who counts the streams that were reset because much waited in them. */
    public void streamsReset(LongSupplier source) {
        actions.streamsReset = source;
    }

    @Override
    protected List<StatGroup> nested() {
        return List.of(actions);
    }

    /** How often the heap was made smaller; to be asked for once, at wiring time. */
    public LongAdder shrinks(String name) {
        return counter(name + ".shrink_count");
    }
}
