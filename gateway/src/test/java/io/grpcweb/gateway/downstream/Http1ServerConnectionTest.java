package io.grpcweb.gateway.downstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.Protocol;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The connection alone: bytes in, bytes out; whoever serves answers when the test says so. */
class Http1ServerConnectionTest {
    private static final String HEAD = "POST /a.B/C HTTP/1.1\r\nhost: a\r\ncontent-type: text/plain\r\n";

    private final List<Serving> served = new ArrayList<>();
    private final EmbeddedChannel channel;

    Http1ServerConnectionTest() throws Exception {
        channel = new EmbeddedGateway((exchange, head) -> {
                    Serving one = new Serving(exchange);
                    served.add(one);
                    return one;
                })
                .connect();
    }

    /** The lowest filter: notes what comes, and answers on demand. */
    private static final class Serving extends HttpFilter {
        private final Exchange exchange;
        private final StringBuilder body = new StringBuilder();
        private boolean complete;
        private boolean cancelled;

        Serving(Exchange exchange) {
            this.exchange = exchange;
        }

        @Override
        public void requestHead(Http2Headers head, boolean end) {
            complete = end;
        }

        @Override
        public void requestData(ByteBuf data, boolean end) {
            body.append(data.toString(StandardCharsets.US_ASCII));
            data.release();
            complete = end;
        }

        void answer(String text) {
            upper().responseHead(
                            new DefaultHttp2Headers(false)
                                    .status("200")
                                    .set("content-length", Integer.toString(text.length())),
                            false);
            upper().responseData(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII), true);
        }

        @Override
        public void cancel() {
            cancelled = true;
        }
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private void receive(String text) {
        channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
    }

    private String sent() {
        channel.runPendingTasks();
        StringBuilder all = new StringBuilder();
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            all.append(part.toString(StandardCharsets.US_ASCII));
            part.release();
        }
        return all.toString();
    }

    @Test
    void aBodyIsHandedOnAsItComes() {
        receive(HEAD + "content-length: 4\r\n\r\nab");
        assertThat(served).hasSize(1);
        assertThat(served.get(0).body).hasToString("ab");
        assertThat(served.get(0).complete).isFalse();

        receive("cd");
        assertThat(served.get(0).body).hasToString("abcd");
        assertThat(served.get(0).complete).isTrue();
    }

    @Test
    void aPipelinedRequestWaitsForTheResponseBeforeIt() {
        receive(HEAD + "content-length: 0\r\n\r\n" + HEAD + "content-length: 0\r\n\r\n");
        assertThat(served).hasSize(1);

        served.get(0).answer("one");
        assertThat(sent()).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\none");
        assertThat(served).hasSize(2);
        served.get(1).answer("two");
        assertThat(sent()).endsWith("\r\n\r\ntwo");
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void theConnectionEndsBehindTheResponseWhereTheClientSaysSo() {
        receive(HEAD + "connection: close\r\ncontent-length: 0\r\n\r\n");
        assertThat(channel.isOpen()).isTrue();
        served.get(0).answer("bye");

        assertThat(sent()).contains("connection: close\r\n").endsWith("\r\n\r\nbye");
    }

    @Test
    void aClientThatLeavesGivesUpItsCall() {
        receive(HEAD + "content-length: 4\r\n\r\nab");
        channel.close();

        assertThat(served.get(0).cancelled).isTrue();
        assertThat(served.get(0).exchange.isOver()).isTrue();
    }

    @Test
    void whatIsMalformedIsAnsweredAndServedToNobody() {
        receive("POST /a.B/C HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n");

        assertThat(sent()).startsWith("HTTP/1.1 400 Bad Request\r\n");
        assertThat(served).isEmpty();
    }

    @Test
    void theFactsOfARequestSayWhichVersionItHas() {
        receive(HEAD + "content-length: 0\r\n\r\n");

        assertThat(served.get(0).exchange.info().protocol).isSameAs(Protocol.HTTP_1_1);
        assertThat(served.get(0).exchange.info().originalPath).isEqualTo("/a.B/C");
    }
}
