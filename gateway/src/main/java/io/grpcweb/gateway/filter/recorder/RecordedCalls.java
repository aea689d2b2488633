package io.grpcweb.gateway.filter.recorder;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.function.LongFunction;

/** The last calls of all listeners that record any. They are a few, for a person who looks, so a lock is enough; any thread. */
public final class RecordedCalls {
    private final Deque<RecordedCall> calls = new ArrayDeque<>();
    private long last;

    /** Adds a call, which is told its number, and lets go of the oldest ones above {@code most}. */
    synchronized void add(LongFunction<RecordedCall> call, int most) {
        calls.addLast(call.apply(++last));
        keep(most);
    }

    private void keep(int most) {
        while (calls.size() > most) {
            calls.removeFirst();
        }
    }

    /**
     * The latest first.
     *
     * @param most what the configuration in force keeps; others are gone from now on
     */
    public synchronized List<RecordedCall> latest(int most) {
        keep(most);
        List<RecordedCall> list = new ArrayList<>(calls);
        Collections.reverse(list);
        return list;
    }
}
