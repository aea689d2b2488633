package io.grpcweb.gateway.source.xds;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Timers whose time passes when a test says so. */
final class StoppedTimers implements Timers {
    private final List<Entry> entries = new ArrayList<>();
    private long now;

    private record Entry(long when, Runnable action) {}

    @Override
    public Waiting after(Duration delay, Runnable action) {
        Entry entry = new Entry(now + delay.toNanos(), action);
        entries.add(entry);
        return () -> entries.remove(entry);
    }

    @Override
    public void next(Runnable action) {
        after(Duration.ZERO, action);
    }

    @Override
    public long nanos() {
        return now;
    }

    /** Lets time pass; what is due happens in its order. */
    void pass(Duration time) {
        long until = now + time.toNanos();
        while (true) {
            Entry due = entries.stream()
                    .filter(entry -> entry.when <= until)
                    .min(Comparator.comparingLong(Entry::when))
                    .orElse(null);
            if (due == null) {
                now = until;
                return;
            }
            entries.remove(due);
            now = Math.max(now, due.when);
            due.action.run();
        }
    }

    int waiting() {
        return entries.size();
    }
}
