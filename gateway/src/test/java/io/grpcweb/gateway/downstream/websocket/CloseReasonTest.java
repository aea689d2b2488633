package io.grpcweb.gateway.downstream.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import org.junit.jupiter.api.Test;

/** A control frame has 125 bytes at most, two of which are the status (RFC 6455 sections 5.5 and 5.5.1). */
final class CloseReasonTest {

    private static String sent(String reason) {
        CloseWebSocketFrame frame = WebSocketFrames.closing(WebSocketCloseStatus.NORMAL_CLOSURE, reason);
        try {
            assertThat(frame.content().readableBytes()).isLessThanOrEqualTo(125);
            return frame.reasonText();
        } finally {
            frame.release();
        }
    }

    @Test
    void whatFitsIsWhole() {
        assertThat(sent("")).isEmpty();
        assertThat(sent("a".repeat(123))).isEqualTo("a".repeat(123));
        assertThat(sent("\u20ac".repeat(41))).isEqualTo("\u20ac".repeat(41));
    }

    @Test
    void itIsBytesThatAreCounted() {
        assertThat(sent("a".repeat(124))).isEqualTo("a".repeat(123));
        assertThat(sent("\u20ac".repeat(100))).isEqualTo("\u20ac".repeat(41));
    }

    @Test
    void noCharacterIsCutInTwo() {
        assertThat(sent("\u00e9".repeat(62))).isEqualTo("\u00e9".repeat(61));
        assertThat(sent("\ud83d\ude00".repeat(31))).isEqualTo("\ud83d\ude00".repeat(30));
    }
}
