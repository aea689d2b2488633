package io.grpcweb.gateway.grpcstats;

import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.GrpcHeaders;
import io.grpcweb.gateway.http.GrpcStatus;
import io.grpcweb.gateway.http.HttpFilter;
import io.netty.handler.codec.http2.Http2Headers;

/** Looks out for the status of one call, wherever it stands. */
final class GrpcStatsRoom extends HttpFilter {
    private final Exchange exchange;
    private final GrpcStatsFactory factory;
    private String path;

    GrpcStatsRoom(Exchange exchange, GrpcStatsFactory factory) {
        this.exchange = exchange;
        this.factory = factory;
    }

    @Override
    public void requestHead(Http2Headers head, boolean end) {
        path = head.path().toString();
        lower().requestHead(head, end);
    }

    @Override
    public void responseHead(Http2Headers head, boolean end) {
        if (end) {
            count(head);
        }
        upper().responseHead(head, end);
    }

    @Override
    public void responseTrailers(Http2Headers trailers) {
        count(trailers);
        upper().responseTrailers(trailers);
    }

    private void count(Http2Headers fields) {
        CharSequence status = fields.get(GrpcHeaders.STATUS);
        String cluster = exchange.info().cluster;
        if (status != null && cluster != null && path != null) {
            factory.count(cluster, path, GrpcStatus.parse(status));
        }
    }
}
