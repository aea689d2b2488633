package io.grpcweb.gateway.telemetry;

import io.micrometer.core.instrument.Clock;

/**
 * The clock of the meters, which look at it with every value to forget old maxima: to ask the system each time costs more
 * than to count. It is as exact as it is advanced often.
 */
final class MeterClock implements Clock {
    private volatile long millis = System.currentTimeMillis();

    /** Puts it right. */
    void advance() {
        millis = System.currentTimeMillis();
    }

    @Override
    public long wallTime() {
        return millis;
    }

    @Override
    public long monotonicTime() {
        return System.nanoTime();
    }
}
