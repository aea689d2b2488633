package io.grpcweb.gateway.filter.iptagging;

import io.grpcweb.gateway.stats.Stat.Label;
import io.grpcweb.gateway.stats.StatGroup;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What the filter counts: {@code http.<stat_prefix>.ip_tagging.*}. */
final class IpTaggingStats extends StatGroup {
    final LongAdder noHit = counter("no_hit", false);
    final LongAdder total = counter("total", false);
    private final Map<String, LongAdder> hits = new ConcurrentHashMap<>();

    IpTaggingStats(String http) {
        super(
                "http." + http + ".ip_tagging",
                "envoy_http_ip_tagging",
                List.of(new Label("envoy_http_conn_manager_prefix", http)));
    }

    /** The counter of a tag, which is shown from its first event. */
    LongAdder hit(String tag) {
        return hits.computeIfAbsent(tag, name -> counter(name + ".hit", false));
    }
}
