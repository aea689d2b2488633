package io.grpcweb.gateway.upstream.host;

import java.util.Collection;
import java.util.PriorityQueue;
import java.util.function.ToDoubleFunction;

/**
 * Earliest-deadline-first scheduling: each entry comes up in proportion to its weight, evenly spread. The weight is
 * asked again at each turn, so it may change. Not shared between threads.
 */
final class Edf<T> {
    private final PriorityQueue<Entry<T>> queue = new PriorityQueue<>();
    private final ToDoubleFunction<T> weight;
    private double now;
    private long turn;

    private record Entry<T>(double deadline, long order, T item) implements Comparable<Entry<T>> {
        @Override
        public int compareTo(Entry<T> other) {
            int byDeadline = Double.compare(deadline, other.deadline);
            return byDeadline != 0 ? byDeadline : Long.compare(order, other.order);
        }
    }

    /** A zero or negative weight counts as next to nothing. */
    Edf(Collection<T> items, ToDoubleFunction<T> weight) {
        this.weight = weight;
        items.forEach(this::add);
    }

    private void add(T item) {
        queue.add(new Entry<>(now + 1 / Math.max(1e-9, weight.applyAsDouble(item)), turn++, item));
    }

    /** The next one, or null where there is none. */
    T next() {
        Entry<T> first = queue.poll();
        if (first == null) {
            return null;
        }
        now = first.deadline();
        add(first.item());
        return first.item();
    }

    /** Skips some turns, so that many schedulers over the same items do not all begin with the same one. */
    void skip(int turns) {
        for (int i = 0; i < turns; i++) {
            next();
        }
    }
}
