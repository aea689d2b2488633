package io.grpcweb.gateway.stats;

import io.grpcweb.gateway.stats.Stat.Label;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** What the router filter counts: {@code http.<stat_prefix>.rq_total} and its kin. */
public final class RouterStats extends StatGroup {
    public final LongAdder rqTotal = counter("rq_total");
    public final LongAdder noRoute = counter("no_route");
    public final LongAdder noCluster = counter("no_cluster");
    public final LongAdder rqDirectResponse = counter("rq_direct_response");
    public final LongAdder rqResetAfterDownstreamResponseStarted =
            counter("rq_reset_after_downstream_response_started");
    public final LongAdder rqOverloadLocalReply = counter("rq_overload_local_reply");

    public final LongAdder redirectBadLocation = counter("passthrough_internal_redirect_bad_location");
    public final LongAdder redirectNoRoute = counter("passthrough_internal_redirect_no_route");
    public final LongAdder redirectTooMany = counter("passthrough_internal_redirect_too_many_redirects");
    public final LongAdder redirectUnsafeScheme = counter("passthrough_internal_redirect_unsafe_scheme");

    RouterStats(String http, List<Label> labels) {
        super(http, "envoy_http", labels);
        // Redirects are counted as direct responses.
        zeroCounters("rq_redirect", "passthrough_internal_redirect_predicate");
    }
}
