package io.grpcweb.gateway.filter.grpcstats;

import io.grpcweb.gateway.http.CallFormat;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.FrameScanner;
import io.grpcweb.gateway.http.GrpcHeaders;
import io.grpcweb.gateway.http.GrpcStatus;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.LocalReply;
import io.grpcweb.gateway.http.MediaType;
import io.grpcweb.gateway.http.MethodPath;
import io.grpcweb.gateway.http.StreamInfo;
import io.grpcweb.gateway.stats.GrpcMethodStats;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;

/** Counts the messages of one gRPC call, and how it ends. A call of gRPC-Web is one behind the filter that makes it one. */
final class GrpcStatsFilter extends HttpFilter {
    private final Exchange exchange;
    private final GrpcStatsFactory factory;
    private final FrameScanner request = new FrameScanner();
    private final FrameScanner response = new FrameScanner();

    /** Null where the call is not one of a method of gRPC here. */
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
        if (MediaType.formatOf(head.get(HttpHeaderNames.CONTENT_TYPE)) == CallFormat.GRPC
                && MethodPath.isMethod(head.path())) {
            path = head.path().toString();
        }
        lower().requestHead(head, end);
    }

    @Override
    public void requestData(ByteBuf data, boolean end) {
        if (path != null) {
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
        }
        upper().responseHead(head, end);
    }

    @Override
    public void responseData(ByteBuf data, boolean end) {
        if (path != null && exchange.localReply() == null) {
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
        if (more + moreBack == 0) {
            return;
        }
        fromCaller += more;
        fromBackend += moreBack;
        if (factory.config().emitState()) {
            exchange.info().addState().put(GrpcStatsFactory.STATE, GrpcStatsFactory.state(request, response));
        }
        String cluster = exchange.info().cluster;
        if (stats == null && cluster != null && !asked) {
            asked = true;
            stats = factory.known(cluster, path);
        }
        if (stats != null) {
            countMessages();
        }
    }

    private void countMessages() {
        stats.messages(fromCaller, fromBackend);
        fromCaller = 0;
        fromBackend = 0;
    }

    private void count(Http2Headers fields) {
        CharSequence sent = path == null ? null : fields.get(GrpcHeaders.STATUS);
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
