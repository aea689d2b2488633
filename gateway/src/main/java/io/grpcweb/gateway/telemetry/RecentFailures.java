package io.grpcweb.gateway.telemetry;

import io.grpcweb.gateway.format.ConnectionOperators;
import io.grpcweb.gateway.http.ExchangeObserver;
import io.grpcweb.gateway.http.ResponseFlag;
import io.grpcweb.gateway.http.StreamInfo;
import java.util.EnumSet;
import java.util.stream.Collectors;

/** Notes the calls that ended for a reason of the gateway's or of the network's, for the page that explains them. */
final class RecentFailures implements ExchangeObserver {
    private final RecentEvents recent;

    RecentFailures(RecentEvents recent) {
        this.recent = recent;
    }

    @Override
    public void started(StreamInfo info) {}

    @Override
    public void ended(StreamInfo info) {
        if (!info.hasFlags() && !info.refused) {
            return;
        }
        EnumSet<ResponseFlag> flags = info.flags();
        if (flags.contains(ResponseFlag.DOWNSTREAM_TERMINATION)
                || flags.contains(ResponseFlag.DOWNSTREAM_REMOTE_RESET)
                || !recent.mayRecord()) {
            return;
        }
        recent.failed(
                info.responseCode,
                info.grpcStatus,
                flags.stream().map(ResponseFlag::shortName).collect(Collectors.joining(",")),
                info.details == null ? null : info.details.toString(),
                info.details == null ? "" : info.details.help(),
                info.cluster,
                ConnectionOperators.text(info.upstreamRemote),
                info.upstreamFailure);
    }
}
