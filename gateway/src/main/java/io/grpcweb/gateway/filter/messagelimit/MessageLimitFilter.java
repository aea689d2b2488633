package io.grpcweb.gateway.filter.messagelimit;

import io.grpcweb.gateway.filter.CallEnd;
import io.grpcweb.gateway.http.CallFormat;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.LocalReply;
import io.grpcweb.gateway.http.MediaType;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;

/** Ends a call with status 8 at its first message that is too long; what came before it, and its trailers, are whole. */
final class MessageLimitFilter extends HttpFilter {
    private final Exchange exchange;
    private final MessageLimitConfig config;
    private final Lengths requests;
    private final Lengths responses;
    private boolean follows;
    private boolean ended;

    MessageLimitFilter(Exchange exchange, MessageLimitConfig config) {
        this.exchange = exchange;
        this.config = config;
        this.requests = new Lengths(config.request());
        this.responses = new Lengths(config.response());
    }

    @Override
    public void requestHead(Http2Headers head, boolean end) {
        if (!isGrpc(head)) {
            exchange.reply(CallEnd.misplaced(config.name()));
            return;
        }
        exchange.atEnd(this::letGo);
        lower().requestHead(head, end);
    }

    private static boolean isGrpc(Http2Headers head) {
        return MediaType.formatOf(head.get(HttpHeaderNames.CONTENT_TYPE)) == CallFormat.GRPC;
    }

    @Override
    public void requestData(ByteBuf data, boolean end) {
        ByteBuf passed = requests.pass(data);
        if (requests.tooLong() > 0) {
            passed.release();
            exchange.reply(tooLong("request", requests));
            return;
        }
        if (end) {
            passed = whole(passed, requests);
        }
        if (end || passed.isReadable()) {
            lower().requestData(passed, end);
        } else {
            passed.release();
        }
    }

    /** A body that ends in the middle of a prefix goes on as it is: it is for the next one to judge. */
    private static ByteBuf whole(ByteBuf passed, Lengths lengths) {
        ByteBuf rest = lengths.rest();
        if (!rest.isReadable()) {
            return passed;
        }
        ByteBuf all = rest.alloc().buffer(passed.readableBytes() + rest.readableBytes());
        all.writeBytes(passed).writeBytes(rest);
        passed.release();
        rest.release();
        return all;
    }

    private LocalReply tooLong(String direction, Lengths lengths) {
        return LocalReply.messageTooLong(direction, lengths.tooLong(), lengths.most(), config.setting(direction));
    }

    @Override
    public void requestTrailers(Http2Headers trailers) {
        ByteBuf rest = requests.rest();
        if (rest.isReadable()) {
            lower().requestData(rest, false);
        }
        lower().requestTrailers(trailers);
    }

    @Override
    public void responseHead(Http2Headers head, boolean end) {
        follows = !end && exchange.localReply() == null && "200".contentEquals(head.status()) && isGrpc(head);
        upper().responseHead(head, end);
    }

    @Override
    public void responseData(ByteBuf data, boolean end) {
        if (ended) {
            data.release();
            return;
        }
        if (!follows) {
            upper().responseData(data, end);
            return;
        }
        ByteBuf passed = responses.pass(data);
        if (responses.tooLong() == 0 && end) {
            passed = whole(passed, responses);
        }
        boolean over = responses.tooLong() > 0;
        if (passed.isReadable() || end && !over) {
            upper().responseData(passed, end && !over);
        } else {
            passed.release();
        }
        if (over && !exchange.isOver()) {
            ended = true;
            CallEnd.with(exchange, tooLong("response", responses), upper());
        }
    }

    @Override
    public void responseTrailers(Http2Headers trailers) {
        if (ended) {
            return;
        }
        ByteBuf rest = responses.rest();
        if (rest.isReadable()) {
            upper().responseData(rest, false);
        }
        upper().responseTrailers(trailers);
    }

    @Override
    public void responseAbort(LocalReply reason) {
        if (!ended) {
            upper().responseAbort(reason);
        }
    }

    private void letGo() {
        requests.release();
        responses.release();
    }
}
