package io.grpcweb.gateway.stats;

import io.grpcweb.gateway.stats.Stat.Label;
import java.util.List;

/**
 * The calls of a cluster by where they come from: {@code cluster.<name>.external.*} for those of clients, {@code internal}
 * for those that the gateway makes itself. Each series appears with the first.
 */
final class OriginStats extends StatGroup {
    final Histogram upstreamRqTime = histogram("upstream_rq_time", false);
    private final ResponseCodes codes;

    OriginStats(String prefix, String family, List<Label> labels) {
        super(prefix, family, labels);
        codes = new ResponseCodes(prefix, family, labels, false);
    }

    void count(int status) {
        codes.count(status);
    }

    @Override
    protected List<StatGroup> nested() {
        return List.of(codes);
    }
}
