package io.grpcweb.gateway.runtime;

import io.grpcweb.gateway.config.OverloadConfig;
import io.grpcweb.gateway.downstream.Listener;
import io.grpcweb.gateway.overload.Descriptors;
import io.grpcweb.gateway.overload.Load;
import io.grpcweb.gateway.overload.Overload;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Has the listeners do what helps when the process runs short. */
final class OverloadRelief implements Overload.Relief {
    private final Listeners listeners;

    OverloadRelief(Listeners listeners) {
        this.listeners = listeners;
    }

    /** One of a process in which nothing is short yet. */
    static Load load(OverloadConfig config) {
        return new Load(mostConnections(config), config.timers());
    }

    /** Connections of clients: what the configuration says, or what the descriptors of the process allow. */
    private static long mostConnections(OverloadConfig config) {
        return config.mostConnections()
                .orElseGet(() -> Descriptors.connections(Descriptors.limit(), Descriptors.open()));
    }

    @Override
    public void accept(boolean accepts) {
        listeners.all().forEach(listener -> listener.accept(accepts));
    }

    @Override
    public void timersChanged() {
        each().forEach(listener -> listener.drain().recheckTimers());
    }

    @Override
    public void resetStreams(long bytes, int most) {
        AtomicInteger left = new AtomicInteger(most);
        each().forEach(listener -> listener.drain().resetHeavy(bytes, left));
    }

    @Override
    public void shrinkHeap() {
        Runtime.getRuntime().gc();
    }

    /** Those that drain have connections as well. */
    private List<Listener> each() {
        List<Listener> each = new ArrayList<>(listeners.all());
        each.addAll(listeners.draining());
        each.removeIf(listener -> !listener.config().admission().shedsLoad());
        return each;
    }
}
