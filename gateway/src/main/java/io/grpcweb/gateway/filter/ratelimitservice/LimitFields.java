package io.grpcweb.gateway.filter.ratelimitservice;

import java.util.List;
import java.util.Map;

/** What clients are told of their limits: draft-polli-ratelimit-headers-03, of the descriptor with least left. */
final class LimitFields {
    private LimitFields() {}

    /** The fields; none where no descriptor has a limit. */
    static List<Map.Entry<String, String>> of(List<LimitStatus> statuses) {
        LimitStatus least = least(statuses);
        if (least == null) {
            return List.of();
        }
        StringBuilder limits = new StringBuilder().append(least.requests());
        for (LimitStatus status : statuses) {
            if (status.isLimited() && status.windowSeconds() > 0) {
                limits.append(", ").append(status.requests()).append(";w=").append(status.windowSeconds());
                if (!status.name().isEmpty()) {
                    limits.append(";name=\"").append(status.name()).append('"');
                }
            }
        }
        return List.of(
                Map.entry("x-ratelimit-limit", limits.toString()),
                Map.entry("x-ratelimit-remaining", Long.toString(least.remaining())),
                Map.entry("x-ratelimit-reset", Long.toString(least.resetSeconds())));
    }

    /** When a client may come again: when the last of the limits that it passed begins anew; 0 where none says so. */
    static long retrySeconds(List<LimitStatus> statuses) {
        return statuses.stream()
                .filter(LimitStatus::isOver)
                .mapToLong(LimitStatus::retrySeconds)
                .max()
                .orElse(0);
    }

    /** The one with the fewest requests left; null where there is no limit. */
    private static LimitStatus least(List<LimitStatus> statuses) {
        LimitStatus least = null;
        for (LimitStatus status : statuses) {
            if (status.isLimited() && (least == null || status.remaining() < least.remaining())) {
                least = status;
            }
        }
        return least;
    }
}
