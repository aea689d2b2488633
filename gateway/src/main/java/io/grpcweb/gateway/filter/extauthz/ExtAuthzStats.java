package io.grpcweb.gateway.filter.extauthz;

import io.grpcweb.gateway.stats.Stat.Label;
import io.grpcweb.gateway.stats.StatGroup;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** What the filter counts for a listener: {@code http.<stat_prefix>.ext_authz.*}. */
final class ExtAuthzStats extends StatGroup {
    final LongAdder ok = counter("ok");
    final LongAdder denied = counter("denied");
    final LongAdder error = counter("error");
    final LongAdder failureModeAllowed = counter("failure_mode_allowed");
    final LongAdder disabled = counter("disabled");
    final LongAdder invalid = counter("invalid");
    final LongAdder shadowDenied = counter("shadow_denied");
    final LongAdder shadowError = counter("shadow_error");

    ExtAuthzStats(String prefix, List<Label> labels) {
        super(prefix, "envoy_http_ext_authz", labels);
        zeroCounters(
                "filter_state_name_collision",
                "ignored_dynamic_metadata",
                "omitted_response_headers",
                "request_header_limits_reached",
                "response_header_limits_reached");
    }
}
