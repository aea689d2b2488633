package io.grpcweb.gateway.testing;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;

/** A call as the scripted backend sees it: what came, and what it does. */
public record BackendCall(Http2Exchange exchange) {

    // What came.

    public String header(String name) {
        CharSequence value = exchange.head().get(name);
        return value == null ? null : value.toString();
    }

    public String path() {
        return header(":path");
    }

    /** Waits for the end of the request; its body. */
    public byte[] awaitEnd() {
        exchange.awaitEnd();
        return exchange.body();
    }

    public byte[] awaitBytes(int bytes) {
        return exchange.awaitBody(bytes);
    }

    /** Waits for RST_STREAM; its code, or -1 where the connection ended instead. */
    public long awaitReset() {
        return exchange.awaitReset();
    }

    // What it does.

    /** The head of an answer: status 200 and application/grpc unless the fields say otherwise. */
    public BackendCall head(String... fields) {
        return write(answer(fields), false);
    }

    /** HEADERS with END_STREAM. */
    public BackendCall trailersOnly(String... fields) {
        return write(answer(fields), true);
    }

    private static Http2Headers answer(String... fields) {
        Http2Headers head = new DefaultHttp2Headers(false).status("200").set("content-type", "application/grpc");
        for (Answer.Field field : Browser.fields(fields)) {
            if (field.name().equals("content-type") || field.name().startsWith(":")) {
                head.set(field.name(), field.value());
            } else {
                head.add(field.name(), field.value());
            }
        }
        return head;
    }

    public BackendCall data(byte[]... parts) {
        for (byte[] part : parts) {
            exchange.peer().data(exchange, part, false);
        }
        return this;
    }

    /** DATA with END_STREAM. */
    public void lastData(byte[] part) {
        exchange.peer().data(exchange, part, true);
    }

    public BackendCall trailers(String... fields) {
        Http2Headers trailers = new DefaultHttp2Headers(false);
        Browser.fields(fields).forEach(field -> trailers.add(field.name(), field.value()));
        return write(trailers, true);
    }

    private BackendCall write(Http2Headers fields, boolean end) {
        exchange.peer().headers(exchange.id(), fields, end);
        return this;
    }

    public void reset(int code) {
        exchange.peer().reset(exchange.id(), code);
    }

    public void goAway(int lastId) {
        exchange.peer().goAway(lastId, Http2Peer.NO_ERROR);
    }

    public void closeConnection() {
        exchange.peer().close();
    }
}
