package io.grpcweb.gateway.filter.router;

import io.grpcweb.gateway.config.RouteConfig;
import io.grpcweb.gateway.files.FileFolders;
import io.grpcweb.gateway.files.FileResponse;
import io.grpcweb.gateway.http.Details;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.HttpFilter;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;

/** Hands the response of a route with files to the filter above. */
final class FileAnswer implements RouteAnswer, FileResponse.Receiver {
    private final Exchange exchange;
    private final HttpFilter upper;

    /** Null where the request is answered without a file. */
    private FileResponse file;

    FileAnswer(Exchange exchange, HttpFilter upper) {
        this.exchange = exchange;
        this.upper = upper;
    }

    /** Looks for what the request names. */
    void begin(FileFolders folders, RouteConfig.Route route, RouteConfig.Files folder, Http2Headers request) {
        file = folders.answer(route, folder, request, exchange, this);
    }

    /** It does not wait for that. */
    @Override
    public void requestEnds() {}

    @Override
    public void responseWritable(boolean writable) {
        if (file != null) {
            file.responseWritable(writable);
        }
    }

    @Override
    public void cancel() {
        if (file != null) {
            file.cancel();
        }
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
