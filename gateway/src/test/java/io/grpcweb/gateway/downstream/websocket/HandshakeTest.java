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
        assertThat(Handshake.of(head("grpc-websockets"), Protocol.HTTP_1_1).accept())
                .isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        assertThat(Handshake.of(head("grpc-websockets"), Protocol.HTTP_2).accept())
                .isNull();
    }

    @Test
    void theFirstSubprotocolThatIsKnownIsChosenAsItIsWritten() {
        Handshake one = Handshake.of(head("chat, GRPC-WebSockets"), Protocol.HTTP_1_1);
        assertThat(one.subprotocol()).isEqualTo("GRPC-WebSockets");
        assertThat(one.multiplexed()).isFalse();
        Http2Headers several = head("grpc-websockets-multiplex").add("sec-websocket-protocol", "grpc-websockets");
        assertThat(Handshake.of(several, Protocol.HTTP_1_1).multiplexed()).isTrue();
    }

    @Test
    void othersAreNotForCalls() {
        assertThat(Handshake.of(head("grpc-websockets2,chat"), Protocol.HTTP_1_1))
                .isNull();
        assertThat(Handshake.of(new DefaultHttp2Headers(), Protocol.HTTP_1_1)).isNull();
    }

    @Test
    void aKeyHas16Bytes() {
        Http2Headers head = head("grpc-websockets");
        head.set("sec-websocket-key", "AAAAAAAAAAAAAAAAAAAA");
        assertThat(Handshake.of(head, Protocol.HTTP_1_1).fault().httpStatus()).isEqualTo(400);
        head.remove("sec-websocket-key");
        assertThat(Handshake.of(head, Protocol.HTTP_1_1).fault().httpStatus()).isEqualTo(400);
        assertThat(Handshake.of(head, Protocol.HTTP_2).fault()).isNull();
    }
}
