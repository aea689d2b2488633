package io.grpcweb.gateway.stats;

import io.grpcweb.gateway.stats.Stat.Label;
import java.util.List;

/** The calls of a cluster that came from outside: {@code cluster.<name>.external.*}. Here all of them do. */
final class ExternalStats extends StatGroup {
    final Histogram upstreamRqTime = histogram("upstream_rq_time", false);
    private final ResponseCodes codes;

    ExternalStats(String prefix, String family, List<Label> labels) {
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
