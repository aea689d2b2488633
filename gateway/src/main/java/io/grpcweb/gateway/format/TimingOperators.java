package io.grpcweb.gateway.format;

import io.grpcweb.gateway.http.StreamInfo;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;

/** Operators that say how long something took; a point that was never reached gives none. */
final class TimingOperators {
    private TimingOperators() {}

    static Map<String, Operator> all() {
        Map<String, Operator> out = new HashMap<>();
        out.put("DURATION", millis(info -> info.startNanos, info -> info.endNanos));
        out.put("REQUEST_DURATION", millis(info -> info.startNanos, info -> info.lastRequestByteNanos));
        out.put("REQUEST_TX_DURATION", millis(info -> info.startNanos, info -> info.lastUpstreamTxNanos));
        out.put("RESPONSE_DURATION", millis(info -> info.startNanos, info -> info.firstUpstreamRxNanos));
        out.put("RESPONSE_TX_DURATION", millis(info -> info.firstUpstreamRxNanos, info -> info.endNanos));
        Operator.Count none = info -> Operator.Count.NONE;
        out.put("ROUNDTRIP_DURATION", none);
        out.put("DOWNSTREAM_HANDSHAKE_DURATION", none);
        out.put(
                "UPSTREAM_CONNECTION_POOL_READY_DURATION",
                millis(info -> info.attemptNanos, info -> info.poolReadyNanos));
        return out;
    }

    /** {@code COMMON_DURATION(START:END:PRECISION)}. */
    static Operator between(String argument) {
        String[] words = argument == null ? new String[0] : argument.split(":", -1);
        if (words.length < 2 || words.length > 3) {
            throw new BadFormat("COMMON_DURATION requires parameters");
        }
        TimeUnit unit =
                switch (words.length == 3 ? words[2] : "ms") {
                    case "ms" -> TimeUnit.MILLISECONDS;
                    case "us" -> TimeUnit.MICROSECONDS;
                    case "ns" -> TimeUnit.NANOSECONDS;
                    default -> throw new BadFormat("Invalid common duration precision: " + words[2]);
                };
        return difference(point(words[0]), point(words[1]), unit);
    }

    private static ToLongFunction<StreamInfo> point(String name) {
        return switch (name) {
            case "DS_RX_BEG" -> info -> info.startNanos;
            case "DS_RX_END" -> info -> info.lastRequestByteNanos;
            case "US_TX_BEG" -> info -> info.firstUpstreamTxNanos;
            case "US_TX_END" -> info -> info.lastUpstreamTxNanos;
            case "US_RX_BEG" -> info -> info.firstUpstreamRxNanos;
            case "US_RX_END" -> info -> info.lastUpstreamRxNanos;
            case "DS_TX_BEG" -> info -> info.firstResponseByteNanos;
            case "DS_TX_END" -> info -> info.endNanos;
            // Points of connections, and those that Envoy's filters set: never reached here.
            default -> info -> 0;
        };
    }

    private static Operator.Count millis(ToLongFunction<StreamInfo> from, ToLongFunction<StreamInfo> to) {
        return difference(from, to, TimeUnit.MILLISECONDS);
    }

    private static Operator.Count difference(
            ToLongFunction<StreamInfo> from, ToLongFunction<StreamInfo> to, TimeUnit unit) {
        long nanos = unit.toNanos(1);
        return info -> {
            long start = from.applyAsLong(info);
            long end = to.applyAsLong(info);
            return start == 0 || end == 0 || end - start < 0 ? Operator.Count.NONE : (end - start) / nanos;
        };
    }
}
