package io.grpcweb.gateway.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import org.junit.jupiter.api.Test;

class ReceivedFieldsDecoderTest {
    private final ReceivedFieldsDecoder decoder = new ReceivedFieldsDecoder(8192, true);

    @Test
    void aPeersNameInUpperCaseIsRefused() {
        // RFC 7541 section 6.2.2, "A: b", behind a name that is fine.
        assertThatThrownBy(() -> decode(0x00, 1, 'a', 1, 'b', 0x00, 1, 'A', 1, 'b'))
                .isInstanceOf(Http2Exception.class);
    }

    @Test
    void aSecondStatusIsRefused() {
        assertThatThrownBy(() -> decode(0x88, 0x88)).isInstanceOf(Http2Exception.class);
    }

    @Test
    void aBlankBeforeAValueIsRefusedAndOneBehindItIsKept() throws Exception {
        for (int blank : new int[] {' ', '\t'}) {
            assertThatThrownBy(() -> decode(0x00, 1, 'a', 2, blank, 'b')).isInstanceOf(Http2Exception.class);
            assertThatThrownBy(() -> decode(0x00, 1, 'a', 1, blank)).isInstanceOf(Http2Exception.class);
            assertThat(decode(0x00, 1, 'a', 2, 'b', blank).get("a")).hasToString("b" + (char) blank);
        }
    }

    @Test
    void whatIsAddedLaterIsTakenAsItIs() throws Exception {
        Http2Headers fields = decode(0x88, 0x00, 1, 'a', 1, 'b');
        fields.status("404").set("A", "c");
        assertThat(fields.status()).hasToString("404");
        assertThat(fields.get("a")).hasToString("b");
        assertThat(fields.get("A")).hasToString("c");
    }

    private Http2Headers decode(int... block) throws Http2Exception {
        ByteBuf bytes = Unpooled.buffer();
        for (int one : block) {
            bytes.writeByte(one);
        }
        return decoder.decodeHeaders(1, bytes);
    }
}
