package io.grpcweb.gateway.runtime;

import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.LocalReply;
import io.grpcweb.gateway.http.StreamInfo;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What one filter does to a call on trial. */
final class TrialStep implements Probe.Observer {
    private final StreamInfo info;
    private final Set<String> asks;
    private boolean concerned;
    private Map<String, String> before;
    private Map<String, String> after;
    private String metadataBefore = "";
    private String metadataAfter = "";
    private LocalReply refusal;
    private boolean answered;

    /**
     * Of one filter.
     *
     * @param asks the clusters that it would call; where there are some, it is not run
     */
    TrialStep(StreamInfo info, Set<String> asks) {
        this.info = info;
        this.asks = asks;
    }

    /** The filter with somebody who watches it; null where it has nothing to do with the call. */
    HttpFilter around(HttpFilter made) {
        concerned = made != null || !asks.isEmpty();
        return concerned ? new Probe(made == null ? new Passing() : made, this) : null;
    }

    private static final class Passing extends HttpFilter {}

    @Override
    public void enters(Http2Headers head) {
        before = fields(head);
        metadataBefore = metadata();
    }

    @Override
    public void leaves(Http2Headers head) {
        after = fields(head);
        metadataAfter = metadata();
    }

    /** The call has gone as far as it does. */
    void settle(Exchange exchange) {
        answered = exchange.localReply() != null;
        if (before != null && after == null) {
            refusal = exchange.localReply();
        }
    }

    private String metadata() {
        return info.metadata == null ? "" : String.valueOf(info.metadata.at(List.of()));
    }

    private static Map<String, String> fields(Http2Headers head) {
        Map<String, String> found = new TreeMap<>();
        head.forEach(field -> found.merge(
                field.getKey().toString(), field.getValue().toString(), (one, other) -> one + ", " + other));
        return found;
    }

    /** A sentence for people. */
    String text() {
        if (!concerned) {
            return "has nothing to do with this call";
        }
        if (before == null) {
            return "is not asked";
        }
        if (refusal != null) {
            return "answers HTTP " + refusal.httpStatus() + ", grpc-status " + refusal.grpcStatus()
                    + (refusal.message().isEmpty() ? "" : ", \"" + refusal.message() + "\"") + " ("
                    + refusal.details() + ")";
        }
        if (after == null) {
            return answered ? "is left by an answer" : "holds it for a time";
        }
        if (!asks.isEmpty()) {
            return "asks the cluster " + String.join(", ", asks) + ", which is not done here";
        }
        List<String> changes = changes();
        return changes.isEmpty() ? "lets it pass" : "lets it pass, and " + String.join(", ", changes);
    }

    private List<String> changes() {
        List<String> changes = new ArrayList<>();
        after.forEach((name, value) -> {
            if (!value.equals(before.get(name))) {
                changes.add("sets " + name + ": " + value);
            }
        });
        before.keySet().stream()
                .filter(name -> !after.containsKey(name))
                .forEach(name -> changes.add("removes " + name));
        if (!metadataAfter.equals(metadataBefore)) {
            changes.add("sets the metadata " + metadataAfter);
        }
        return changes;
    }
}
