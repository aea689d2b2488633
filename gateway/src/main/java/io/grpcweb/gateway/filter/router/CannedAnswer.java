package io.grpcweb.gateway.filter.router;

import io.grpcweb.gateway.config.RouteConfig.CannedReply;
import io.grpcweb.gateway.http.CallFormat;
import io.grpcweb.gateway.http.Details;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.GrpcHeaders;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.LocalReply;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;

/** A message of the configuration in answer to a call, as a gRPC server would send it. */
final class CannedAnswer implements RouteAnswer {
    private static final int PREFIX = 5;

    private final CannedReply reply;
    private final Exchange exchange;
    private final HttpFilter upper;
    private boolean over;

    CannedAnswer(CannedReply reply, Exchange exchange, HttpFilter upper) {
        this.reply = reply;
        this.exchange = exchange;
        this.upper = upper;
    }

    @Override
    public void requestEnds() {
        if (!over) {
            over = true;
            send();
        }
    }

    /** It is one message: whoever is above holds it where the client is slow. */
    @Override
    public void responseWritable(boolean writable) {}

    @Override
    public void cancel() {
        over = true;
    }

    private void send() {
        if (exchange.info().format == CallFormat.HTTP) {
            exchange.reply(LocalReply.unsupportedMediaType(""));
            return;
        }
        Http2Headers head = new DefaultHttp2Headers(false).status("200");
        head.set(HttpHeaderNames.CONTENT_TYPE, "application/grpc");
        exchange.headerEdits().response(head, exchange.info());
        exchange.info().details = Details.DIRECT_RESPONSE;
        int length = reply.message().size();
        ByteBuf frame = exchange.allocator().buffer(PREFIX + length);
        frame.writeByte(0).writeInt(length).writeBytes(reply.message().asReadOnlyByteBuffer());
        upper.responseHead(head, false);
        upper.responseData(frame, false);
        upper.responseTrailers(new DefaultHttp2Headers(false).set(GrpcHeaders.STATUS, "0"));
        upper.responseFlush();
    }
}
