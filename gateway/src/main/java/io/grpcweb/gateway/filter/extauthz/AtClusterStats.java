package io.grpcweb.gateway.filter.extauthz;

import io.grpcweb.gateway.stats.Stat.Label;
import io.grpcweb.gateway.stats.StatGroup;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** What the filter counts for the cluster that a call would go to: {@code cluster.<name>.ext_authz.*}. */
final class AtClusterStats extends StatGroup {
    final LongAdder ok = counter("ok", false);
    final LongAdder denied = counter("denied", false);
    final LongAdder error = counter("error", false);
    final LongAdder invalid = counter("invalid", false);
    final LongAdder failureModeAllowed = counter("failure_mode_allowed", false);

    AtClusterStats(String prefix, String cluster) {
        super(prefix, "envoy_cluster_ext_authz", List.of(new Label("envoy_cluster_name", cluster)));
    }
}
