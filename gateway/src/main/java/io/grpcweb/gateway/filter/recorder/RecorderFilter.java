package io.grpcweb.gateway.filter.recorder;

import io.grpcweb.gateway.http.CallFormat;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.ForeignText;
import io.grpcweb.gateway.http.GrpcHeaders;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.LocalReply;
import io.grpcweb.gateway.http.MediaType;
import io.grpcweb.gateway.http.PercentEncoding;
import io.grpcweb.gateway.http.StreamInfo;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Copies what is kept of one call while it passes, and hands it over when the call is over. */
final class RecorderFilter extends HttpFilter {
    private final Exchange exchange;
    private final RecorderConfig config;
    private final RecordedCalls calls;
    private final MessageTap request;
    private final MessageTap response;
    private List<Map.Entry<String, String>> fields;
    private String origin;
    private String path;
    private CharSequence message;

    /** Messages can only be told apart behind what makes native gRPC of the call. */
    private boolean requestIsGrpc;

    private boolean responseIsGrpc;

    RecorderFilter(Exchange exchange, RecorderConfig config, RecordedCalls calls) {
        this.exchange = exchange;
        this.config = config;
        this.calls = calls;
        this.request = new MessageTap(config);
        this.response = new MessageTap(config);
    }

    private static boolean isGrpc(Http2Headers head) {
        return MediaType.formatOf(head.get(HttpHeaderNames.CONTENT_TYPE)) == CallFormat.GRPC;
    }

    @Override
    public void requestHead(Http2Headers head, boolean end) {
        requestIsGrpc = isGrpc(head);
        request.head(head);
        fields = SecretFields.masked(head);
        origin = ForeignText.of(head.get(HttpHeaderNames.ORIGIN));
        String target = head.path().toString();
        int query = target.indexOf('?');
        path = ForeignText.of(query < 0 ? target : target.substring(0, query));
        exchange.atEnd(this::over);
        lower().requestHead(head, end);
    }

    @Override
    public void requestData(ByteBuf data, boolean end) {
        if (requestIsGrpc) {
            request.data(data);
        }
        lower().requestData(data, end);
    }

    @Override
    public void responseHead(Http2Headers head, boolean end) {
        responseIsGrpc = isGrpc(head);
        response.head(head);
        message = head.get(GrpcHeaders.MESSAGE);
        upper().responseHead(head, end);
    }

    @Override
    public void responseData(ByteBuf data, boolean end) {
        if (responseIsGrpc) {
            response.data(data);
        }
        upper().responseData(data, end);
    }

    @Override
    public void responseTrailers(Http2Headers trailers) {
        message = trailers.get(GrpcHeaders.MESSAGE);
        upper().responseTrailers(trailers);
    }

    private void over() {
        StreamInfo info = exchange.info();
        LocalReply reply = exchange.localReply();
        String said = message != null ? PercentEncoding.decode(message) : reply != null ? reply.message() : "";
        long nanos = System.nanoTime() - info.startNanos;
        calls.add(
                number -> new RecordedCall(
                        number,
                        Instant.ofEpochMilli(info.startMillis),
                        nanos,
                        path,
                        ForeignText.of(info.cluster),
                        origin,
                        info.format,
                        info.responseCode,
                        info.grpcStatus,
                        ForeignText.of(said),
                        fields,
                        request.seen(),
                        response.seen(),
                        Set.copyOf(config.mask())),
                config.calls());
    }
}
