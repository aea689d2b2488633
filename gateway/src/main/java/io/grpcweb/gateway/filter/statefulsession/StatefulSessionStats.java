package io.grpcweb.gateway.filter.statefulsession;

import io.grpcweb.gateway.stats.Stat.Label;
import io.grpcweb.gateway.stats.StatGroup;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** What the filter counts: {@code http.<stat_prefix>.stateful_session.<prefix>.*}. Nothing is shown without a prefix of its own. */
final class StatefulSessionStats extends StatGroup {
    /** The call went where the client asked for. */
    final LongAdder routed = counter("routed");

    /** It went elsewhere, and the client was told. */
    final LongAdder failedOpen = counter("failed_open");

    /** It had to go there and could not. */
    final LongAdder failedClosed = counter("failed_closed");

    /** Its path is not one of sessions. */
    final LongAdder noSession = counter("no_session");

    StatefulSessionStats(String http, String prefix) {
        super(
                "http." + http + ".stateful_session." + prefix,
                "envoy_http_stateful_session_" + prefix,
                List.of(new Label("envoy_http_conn_manager_prefix", http)));
    }
}
