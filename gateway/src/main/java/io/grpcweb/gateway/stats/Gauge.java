package io.grpcweb.gateway.stats;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** A number that goes up and down; any thread may change it. It can follow a source instead, asked when it is read. */
public final class Gauge {
    private final LongAdder sum = new LongAdder();
    private volatile LongSupplier source;

    public void increment() {
        sum.increment();
    }

    public void decrement() {
        sum.decrement();
    }

    public void add(long delta) {
        sum.add(delta);
    }

    /** Replaces the value; not together with the methods above. */
    public void set(long value) {
        source = () -> value;
    }

    /** From now on the value is what the source says. */
    public void follow(LongSupplier newSource) {
        source = newSource;
    }

    public long value() {
        LongSupplier asked = source;
        return asked == null ? sum.sum() : asked.getAsLong();
    }
}
