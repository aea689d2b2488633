package io.grpcweb.gateway.testing;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** HTTP/2 with prior knowledge, or over TLS, frame by frame. */
public final class Http2Browser implements Browser {
    private final Http2Peer peer;

    public Http2Browser(int port, int... settings) {
        this(Http1Browser.connected(port, 0), settings);
    }

    public Http2Browser(Socket socket, int... settings) {
        peer = new Http2Peer(
                socket,
                true,
                pushed -> {
                    throw new AssertionError("the gateway opened a stream");
                },
                settings);
    }

    public Http2Peer peer() {
        return peer;
    }

    @Override
    public Call call(String path, String... fields) {
        return new Call(peer.open(head(path, fields), false));
    }

    public static Http2Headers head(String path, String... fields) {
        Http2Headers head = new DefaultHttp2Headers(false)
                .method("POST")
                .path(path)
                .scheme("http")
                .authority("gateway.test");
        Browser.fields(fields).forEach(field -> {
            if (field.name().startsWith(":")) {
                head.set(field.name(), field.value());
            } else {
                head.add(field.name(), field.value());
            }
        });
        return head;
    }

    @Override
    public void close() {
        peer.close();
    }

    /** A stream of the browser's. */
    public record Call(Http2Exchange exchange) implements BrowserCall {

        @Override
        public void send(byte[] part) {
            exchange.peer().data(exchange, part, false);
        }

        @Override
        public void end() {
            exchange.peer().data(exchange, new byte[0], true);
        }

        @Override
        public void cancel() {
            exchange.peer().reset(exchange.id(), Http2Peer.CANCEL);
        }

        @Override
        public int status() {
            Http2Headers head = exchange.awaitHead();
            return head == null ? -1 : Integer.parseInt(head.status().toString());
        }

        @Override
        public byte[] body(int bytes) {
            return exchange.awaitBody(bytes);
        }

        @Override
        public Answer answer() {
            exchange.awaitEnd();
            Answer.End end = exchange.isEnded()
                    ? Answer.End.CLEAN
                    : exchange.resetCode() < 0 ? Answer.End.CUT : new Answer.End.Reset(exchange.resetCode());
            int status = exchange.head() == null ? -1 : status();
            return new Answer(status, fields(exchange.head()), exchange.body(), fields(exchange.trailers()), end);
        }

        private static List<Answer.Field> fields(Http2Headers from) {
            List<Answer.Field> fields = new ArrayList<>();
            if (from != null) {
                for (Map.Entry<CharSequence, CharSequence> field : from) {
                    if (field.getKey().charAt(0) != ':') {
                        fields.add(new Answer.Field(
                                field.getKey().toString(), field.getValue().toString()));
                    }
                }
            }
            return fields;
        }
    }
}
