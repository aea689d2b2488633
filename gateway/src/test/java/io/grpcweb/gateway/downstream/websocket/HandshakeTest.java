package io.grpcweb.gateway.downstream.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.http.Protocol;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import org.junit.jupiter.api.Test;

class HandshakeTest {
    private static Http2Headers head(String subprotocols) {
        return new DefaultHttp2Headers()
                .add("sec-websocket-protocol", subprotocols)
                .add("sec-websocket-version", "13")
                .add("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==");
    }

    @Test
    void theKeyIsAnsweredAsInTheExampleOfTheRfc() {
        assertThat(Handshake.of(head("grpc-websockets"), Protocol.HTTP_1_1, false)
                        .accept())
                .isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        assertThat(Handshake.of(head("grpc-websockets"), Protocol.HTTP_2, false).accept())
                .isNull();
    }

    @Test
    void theFirstSubprotocolThatIsKnownIsChosenAsItIsWritten() {
        Handshake one = Handshake.of(head("chat, GRPC-WebSockets"), Protocol.HTTP_1_1, false);
        assertThat(one.subprotocol()).isEqualTo("GRPC-WebSockets");
        assertThat(one.multiplexed()).isFalse();
        Http2Headers several = head("grpc-websockets-multiplex").add("sec-websocket-protocol", "grpc-websockets");
        assertThat(Handshake.of(several, Protocol.HTTP_1_1, false).multiplexed())
                .isTrue();
    }

    @Test
    void othersAreNotForCalls() {
        assertThat(Handshake.of(head("grpc-websockets2,chat"), Protocol.HTTP_1_1, false))
                .isNull();
        assertThat(Handshake.of(new DefaultHttp2Headers(), Protocol.HTTP_1_1, false))
                .isNull();
    }

    @Test
    void aKeyHas16Bytes() {
        Http2Headers head = head("grpc-websockets");
        head.set("sec-websocket-key", "AAAAAAAAAAAAAAAAAAAA");
        assertThat(Handshake.of(head, Protocol.HTTP_1_1, false).fault().httpStatus())
                .isEqualTo(400);
        head.remove("sec-websocket-key");
        assertThat(Handshake.of(head, Protocol.HTTP_1_1, false).fault().httpStatus())
                .isEqualTo(400);
        assertThat(Handshake.of(head, Protocol.HTTP_2, false).fault()).isNull();
    }

    @Test
    void deflateIsAgreedOnWhereItIsOfferedAndWanted() {
        Http2Headers head = head("grpc-websockets").add("sec-websocket-extensions", "x-other, permessage-deflate");
        assertThat(Handshake.of(head, Protocol.HTTP_1_1, true).extensions())
                .isEqualTo("permessage-deflate; server_no_context_takeover; client_no_context_takeover");
        assertThat(Handshake.of(head, Protocol.HTTP_1_1, false).extensions()).isNull();
        assertThat(Handshake.of(head("grpc-websockets"), Protocol.HTTP_2, true).extensions())
                .isNull();
    }
}
