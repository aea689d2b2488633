package io.grpcweb.gateway.http;

import io.grpcweb.gateway.config.HeaderRules;
import io.grpcweb.gateway.config.RouteConfig.WeightedCluster;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

/** All that the configuration changes of the heads of one route's exchanges, in the order in which it is done. */
public final class HeaderEdits {
    /** Changes nothing. */
    public static final HeaderEdits NONE = new HeaderEdits(new HeaderEdit[0], new HeaderEdit[0]);

    private final HeaderEdit[] request;
    private final HeaderEdit[] response;
    private final IdentityHashMap<WeightedCluster, HeaderEdits> clusters = new IdentityHashMap<>();

    private HeaderEdits(HeaderEdit[] request, HeaderEdit[] response) {
        this.request = request;
        this.response = response;
    }

    /**
     * Prepares rules.
     *
     * @param places in order
     * @param weighted clusters of the route with rules of their own, which come first
     */
    public static HeaderEdits of(
            List<HeaderRules> places, List<WeightedCluster> weighted, Substitution.Compiler compiler) {
        HeaderEdits edits = compile(places, compiler);
        for (WeightedCluster cluster : weighted) {
            if (!cluster.headers().isEmpty()) {
                List<HeaderRules> all = new ArrayList<>(places);
                all.add(0, cluster.headers());
                edits = edits == NONE ? new HeaderEdits(NONE.request, NONE.response) : edits;
                edits.clusters.put(cluster, compile(all, compiler));
            }
        }
        return edits;
    }

    private static HeaderEdits compile(List<HeaderRules> places, Substitution.Compiler compiler) {
        HeaderEdit[] request = places.stream()
                .filter(one ->
                        !one.requestAdd().isEmpty() || !one.requestRemove().isEmpty())
                .map(one -> new HeaderEdit(one.requestAdd(), one.requestRemove(), compiler))
                .toArray(HeaderEdit[]::new);
        HeaderEdit[] response = places.stream()
                .filter(one ->
                        !one.responseAdd().isEmpty() || !one.responseRemove().isEmpty())
                .map(one -> new HeaderEdit(one.responseAdd(), one.responseRemove(), compiler))
                .toArray(HeaderEdit[]::new);
        return request.length + response.length == 0 ? NONE : new HeaderEdits(request, response);
    }

    /** The edits where this cluster of the route was chosen. */
    public HeaderEdits with(WeightedCluster cluster) {
        return clusters.getOrDefault(cluster, this);
    }

    /** Changes the head of a request on its way to the backend. */
    public void request(Http2Headers head, StreamInfo info) {
        for (HeaderEdit edit : request) {
            edit.apply(head, info);
        }
    }

    /** Changes the head of a response, wherever it was made. */
    public void response(Http2Headers head, StreamInfo info) {
        if (response.length == 0) {
            return;
        }
        // Operators that read the response find this one.
        info.responseHeaders = head;
        info.responseCode = Exchange.status(head);
        for (HeaderEdit edit : response) {
            edit.apply(head, info);
        }
    }
}
