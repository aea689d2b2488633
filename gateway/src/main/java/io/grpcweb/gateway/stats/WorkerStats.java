package io.grpcweb.gateway.stats;

import io.grpcweb.gateway.stats.Stat.Label;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** Connections of a listener that one event loop has: {@code listener.<address>.worker_<n>.*}. */
public final class WorkerStats extends StatGroup {
    public final LongAdder downstreamCxTotal = counter("downstream_cx_total");
    public final Gauge downstreamCxActive = gauge("downstream_cx_active");

    WorkerStats(String listener, String family, List<Label> labels, String name, int index) {
        super(
                listener + '.' + name,
                family + (name.startsWith("worker_") ? "_worker" : "_" + name),
                name.startsWith("worker_") ? withWorker(labels, index) : labels);
    }

    private static List<Label> withWorker(List<Label> labels, int index) {
        List<Label> all = new ArrayList<>(labels);
        all.add(new Label("envoy_worker_id", Integer.toString(index)));
        return all;
    }
}
