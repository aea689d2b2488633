package io.grpcweb.gateway.filter.router;

import io.grpcweb.gateway.files.FileResponse;
import io.grpcweb.gateway.http.Details;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.HttpFilter;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;

/** Hands the response of a route with files to the filter above. */
final class FileAnswer implements FileResponse.Receiver {
    private final Exchange exchange;
    private final HttpFilter upper;

    FileAnswer(Exchange exchange, HttpFilter upper) {
        this.exchange = exchange;
        this.upper = upper;
    }

    @Override
    public void head(Http2Headers head, boolean end) {
        exchange.info().details = Details.DIRECT_RESPONSE;
        exchange.headerEdits().response(head, exchange.info());
        upper.responseHead(head, end);
    }

    @Override
    public void data(ByteBuf part, boolean end) {
        upper.responseData(part, end);
        upper.responseFlush();
    }
}
