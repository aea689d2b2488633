package io.grpcweb.gateway.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class Http1OutputTest {
    private final EmbeddedChannel channel = new EmbeddedChannel(new ChannelHandlerAdapter() {});
    private final Http1Output output = new Http1Output(channel.pipeline().firstContext());

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void aHeadIsWrittenWithoutPseudoHeaderFields() {
        output.head(200, new DefaultHttp2Headers(false).status("200").add("x-a", "1"));
        output.field("x-b", "2");
        output.endHead();
        output.flush();
        assertThat(written()).isEqualTo("HTTP/1.1 200 OK\r\nx-a: 1\r\nx-b: 2\r\n\r\n");
    }

    @Test
    void whatWouldEndItsLineIsNotWritten() {
        output.raw(bytes("before"));
        for (String value : new String[] {"1\r\nx-evil: 2", "1\n2", "1\r2", "1\0002"}) {
            assertThatThrownBy(() -> output.head(
                            200, new DefaultHttp2Headers(false).add("x-b", "b").add("x-a", value)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> output.field("x-a", new AsciiString(value)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> output.field(value, "x")).isInstanceOf(IllegalArgumentException.class);
        }
        output.flush();
        assertThat(written()).isEqualTo("before");
    }

    @Test
    void aRequestLineIsOneLine() {
        for (String text : new String[] {"/a HTTP/1.1\r\nX: y", "/a b", "/a\tb", "", "/a\0", "/a\u007f"}) {
            assertThatThrownBy(() -> output.request(
                            new DefaultHttp2Headers(false).method("GET").path(text)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        for (String text : new String[] {"GET /x HTTP/1.1\r\nX: y", "G T", "", "GET:"}) {
            assertThatThrownBy(() -> output.request(
                            new DefaultHttp2Headers(false).method(text).path("/")))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        output.flush();
        assertThat(written()).isEmpty();
    }

    @Test
    void aCharacterThatIsNoByteDoesNotBecomeALineEnd() {
        output.head(200, new DefaultHttp2Headers(false).add("x-b", "\u010a"));
        output.endHead();
        output.flush();
        assertThat(written()).isEqualTo("HTTP/1.1 200 OK\r\nx-b: ?\r\n\r\n");
    }

    @Test
    void whatOneTurnWritesLeavesAtItsEnd() {
        output.raw(bytes("a"));
        output.scheduleFlush();
        output.raw(bytes("b"));
        output.scheduleFlush();
        assertThat(channel.<ByteBuf>readOutbound()).isNull();
        channel.runPendingTasks();
        assertThat(channel.outboundMessages()).hasSize(1);
        assertThat(written()).isEqualTo("ab");
    }

    @Test
    void smallPartsOfABatchAreOneChunk() {
        output.chunk(bytes("abc"));
        output.chunk(bytes("de"));
        output.endChunks(null);
        output.flush();
        assertThat(written()).isEqualTo("0005\r\nabcde\r\n0\r\n\r\n");
    }

    @Test
    void aFlushEndsAChunk() {
        output.chunk(bytes("abc"));
        output.flush();
        output.chunk(bytes("de"));
        output.endChunks(new DefaultHttp2Headers(false).add("x-last", "1"));
        output.flush();
        assertThat(written()).isEqualTo("0003\r\nabc\r\n0002\r\nde\r\n0\r\nx-last: 1\r\n\r\n");
    }

    @Test
    void aLargePartIsAChunkOfItsOwn() {
        String large = "x".repeat(5000);
        output.chunk(bytes("abc"));
        output.chunk(bytes(large));
        output.endChunks(null);
        output.flush();
        assertThat(written()).isEqualTo("0003\r\nabc\r\n1388\r\n" + large + "\r\n0\r\n\r\n");
    }

    @Test
    void anEmptyPartIsNoChunk() {
        output.chunk(bytes(""));
        output.endChunks(null);
        output.flush();
        assertThat(written()).isEqualTo("0\r\n\r\n");
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }

    private String written() {
        StringBuilder all = new StringBuilder();
        ByteBuf part = channel.readOutbound();
        while (part != null) {
            all.append(part.toString(StandardCharsets.US_ASCII));
            part.release();
            part = channel.readOutbound();
        }
        return all.toString();
    }
}
