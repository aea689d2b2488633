package io.grpcweb.gateway.filter.grpcstats;

import io.grpcweb.gateway.http.CallFormat;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.FrameScanner;
import io.grpcweb.gateway.http.GrpcHeaders;
import io.grpcweb.gateway.http.GrpcStatus;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.LocalReply;
import io.grpcweb.gateway.http.MediaType;
import io.grpcweb.gateway.stats.GrpcMethodStats;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;

/** Looks out for the status of one call, wherever it stands, and counts its messages where they are not text. */
final class GrpcStatsFilter extends HttpFilter {
    /** Trailers of gRPC-Web are a frame, but no message. */
    private static final int TRAILERS = 0x80;

    private final Exchange exchange;
    private final GrpcStatsFactory factory;
    private FrameScanner request;
    private FrameScanner response;
    private String path;
    private boolean trailers;

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
        path = head.path().toString();
        if (MediaType.formatOf(head.get(HttpHeaderNames.CONTENT_TYPE)) != CallFormat.GRPC_WEB_TEXT) {
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
            response = form == CallFormat.GRPC || form == CallFormat.GRPC_WEB ? new FrameScanner() : null;
        }
        upper().responseHead(head, end);
    }

    @Override
    public void responseData(ByteBuf data, boolean end) {
        if (response != null) {
            messages(0, messagesIn(data));
        }
        if (end) {
            ended(false);
        }
        upper().responseData(data, end);
    }

    private long messagesIn(ByteBuf data) {
        long before = response.messages();
        int at = data.readerIndex();
        while (at < data.writerIndex()) {
            at = response.step(data, at, data.writerIndex());
            if (!trailers && (response.flags() & TRAILERS) != 0 && response.atBoundary()) {
                trailers = true;
                before++;
            }
        }
        return response.messages() - before;
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
