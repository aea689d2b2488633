package io.grpcweb.gateway.filter.grpcstats;

import io.grpcweb.gateway.http.CallFormat;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.FilterState;
import io.grpcweb.gateway.http.FrameScanner;
import io.grpcweb.gateway.http.GrpcHeaders;
import io.grpcweb.gateway.http.GrpcStatus;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.LocalReply;
import io.grpcweb.gateway.http.MediaType;
import io.grpcweb.gateway.http.StreamInfo;
import io.grpcweb.gateway.stats.GrpcMethodStats;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.StringJoiner;

/**
 * Looks out for the status of one call, wherever it stands, and counts its messages. Above {@code grpc-web} it counts native calls
 * alone, as Envoy's does.
 */
final class GrpcStatsFilter extends HttpFilter {
    private static final String STATE = "envoy.filters.http.grpc_stats";

    private final Exchange exchange;
    private final GrpcStatsFactory factory;
    private FrameScanner request;
    private FrameScanner response;
    private String path;

    /** Whether the method was looked up. */
    private boolean asked;

    /** Of the method, as far as it has numbers of its own yet. */
    private GrpcMethodStats stats;

    /** Messages that are not counted yet: whose they are shows the end of the call. */
    private long fromCaller;

    private long fromBackend;

    GrpcStatsFilter(Exchange exchange, GrpcStatsFactory factory) {
        this.exchange = exchange;
        this.factory = factory;
    }

    @Override
    public void requestHead(Http2Headers head, boolean end) {
        if (MediaType.formatOf(head.get(HttpHeaderNames.CONTENT_TYPE)) == CallFormat.GRPC) {
            path = head.path().toString();
            request = new FrameScanner();
        }
        lower().requestHead(head, end);
    }

    @Override
    public void requestData(ByteBuf data, boolean end) {
        if (request != null) {
            long before = request.messages();
            request.scan(data);
            messages(request.messages() - before, 0);
        }
        lower().requestData(data, end);
    }

    @Override
    public void responseHead(Http2Headers head, boolean end) {
        if (end) {
            count(head);
        } else {
            CallFormat form = MediaType.formatOf(head.get(HttpHeaderNames.CONTENT_TYPE));
            response = request != null && form == CallFormat.GRPC ? new FrameScanner() : null;
        }
        upper().responseHead(head, end);
    }

    @Override
    public void responseData(ByteBuf data, boolean end) {
        if (response != null) {
            long before = response.messages();
            response.scan(data);
            messages(0, response.messages() - before);
        }
        if (end) {
            ended(false);
        }
        upper().responseData(data, end);
    }

    @Override
    public void responseTrailers(Http2Headers fields) {
        count(fields);
        upper().responseTrailers(fields);
    }

    private void messages(long more, long moreBack) {
        fromCaller += more;
        fromBackend += moreBack;
        String cluster = exchange.info().cluster;
        if (stats == null && cluster != null && !asked) {
            asked = true;
            stats = factory.known(cluster, path);
        }
        if (stats != null) {
            countMessages();
        }
    }

    /** What the access log may print: the counters of the call, as Envoy writes them. */
    private void emitState() {
        long sent = request.messages();
        long received = response == null ? 0 : response.messages();
        StringJoiner json = new StringJoiner(",", "{", "}");
        if (sent > 0) {
            json.add("\"requestMessageCount\":\"" + sent + "\"");
        }
        if (received > 0) {
            json.add("\"responseMessageCount\":\"" + received + "\"");
        }
        exchange.info().addState().put(STATE, new FilterState.Entry(sent + "," + received, json.toString(), false));
    }

    private void countMessages() {
        stats.messages(fromCaller, fromBackend);
        fromCaller = 0;
        fromBackend = 0;
    }

    private void count(Http2Headers fields) {
        CharSequence sent = fields.get(GrpcHeaders.STATUS);
        if (sent == null) {
            ended(false);
            return;
        }
        int status = GrpcStatus.parse(sent);
        ended(exchange.localReply() == null && status >= 0 && status != GrpcStatus.UNIMPLEMENTED.code());
        if (stats != null) {
            stats.count(status);
            upstreamTime();
        }
    }

    /** From the last byte that an attempt sent to the last one that it got. */
    private void upstreamTime() {
        StreamInfo info = exchange.info();
        if (factory.config().upstreamTime() && info.lastUpstreamTxNanos != 0 && info.lastUpstreamRxNanos != 0) {
            stats.upstreamTime(Math.max(0, info.lastUpstreamRxNanos - info.lastUpstreamTxNanos));
        }
    }

    /** No more messages: what is not counted yet belongs to the method, if the backend knows it, or to all others. */
    private void ended(boolean known) {
        String cluster = exchange.info().cluster;
        if (path != null && factory.config().emitsState()) {
            emitState();
        }
        if (cluster == null || path == null) {
            return;
        }
        if (stats == null) {
            stats = factory.of(cluster, path, known);
        }
        countMessages();
    }

    @Override
    public void responseAbort(LocalReply reply) {
        ended(false);
        upper().responseAbort(reply);
    }

    @Override
    public void cancel() {
        if (fromCaller + fromBackend > 0) {
            ended(false);
        }
        lower().cancel();
    }
}
