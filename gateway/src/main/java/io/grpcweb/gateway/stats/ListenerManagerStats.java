package io.grpcweb.gateway.stats;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** What became of the listeners: {@code listener_manager.*}. */
public final class ListenerManagerStats extends StatGroup {
    public final LongAdder listenerAdded = counter("listener_added");
    public final LongAdder listenerCreateSuccess = counter("listener_create_success");
    public final LongAdder listenerCreateFailure = counter("listener_create_failure");
    public final LongAdder listenerModified = counter("listener_modified");
    public final LongAdder listenerInPlaceUpdated = counter("listener_in_place_updated");
    public final LongAdder listenerRemoved = counter("listener_removed");
    public final LongAdder listenerStopped = counter("listener_stopped");
    public final Gauge totalListenersActive = gauge("total_listeners_active");
    public final Gauge totalListenersWarming = gauge("total_listeners_warming");
    public final Gauge totalListenersDraining = gauge("total_listeners_draining");
    public final Gauge workersStarted = gauge("workers_started");

    ListenerManagerStats() {
        super("listener_manager", "envoy_listener_manager", List.of());
        zeroGauges("total_filter_chains_draining", "workers_pinned");
    }
}
