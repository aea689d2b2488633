package io.grpcweb.gateway.filter.connect;

import io.grpcweb.gateway.http.ConnectHeaders;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.FrameScanner;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.LocalReply;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Headers;

/**
 * The request half of a stream, whose messages have the form of gRPC's already and pass as they come. {@link StreamAnswer} is
 * the other half.
 */
final class StreamFilter extends AnsweredFilter {
    private final Exchange exchange;
    private final ConnectCall call;
    private final ConnectConfig config;
    private final FrameScanner frames = new FrameScanner();
    private final long mostBytes;
    private final JsonFilter json;

    /**
     * A filter that has not seen its request.
     *
     * @param json for what stands under it; null where messages stay as they are
     */
    StreamFilter(Exchange exchange, ConnectCall call, ConnectConfig config, long mostBytes, JsonFilter json) {
        super(new StreamAnswer(exchange, config.dialect(), call.codec(), mostBytes));
        this.exchange = exchange;
        this.call = call;
        this.config = config;
        this.mostBytes = mostBytes;
        this.json = json;
        if (json != null) {
            json.under(this);
        }
    }

    @Override
    public HttpFilter lowestPart() {
        return json == null ? this : json;
    }

    @Override
    public void requestHead(Http2Headers head, boolean end) {
        LocalReply problem = config.dialect() == Dialect.ENVOY ? null : RequestHead.problem(head, call, config);
        if (problem != null) {
            exchange.reply(problem);
            return;
        }
        RequestHead.encoding(head, ConnectHeaders.CONTENT_ENCODING, config.dialect());
        RequestHead.acceptEncoding(head, ConnectHeaders.ACCEPT_ENCODING, config.dialect());
        RequestHead.translate(head, call, config.dialect());
        lower().requestHead(head, end);
    }

    @Override
    public void requestData(ByteBuf data, boolean end) {
        frames.scan(data);
        if (frames.longest() > mostBytes) {
            data.release();
            exchange.reply(LocalReply.messageTooLong(frames.longest(), mostBytes));
            return;
        }
        exchange.info().requestMessages = frames.messages();
        lower().requestData(data, end);
    }

    /** A client of Connect has no trailers to say. */
    @Override
    public void requestTrailers(Http2Headers trailers) {
        lower().requestData(Unpooled.EMPTY_BUFFER, true);
    }
}
