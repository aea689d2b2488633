package io.grpcweb.gateway.filter.grpcweb;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TrailersFrameTest {

    @Test
    void theFrameHasItsFlagItsLengthAndOneLinePerField() {
        assertThat(frame("grpc-status", "0", "grpc-message", "ok"))
                .isEqualTo("\u0080\0\0\0 grpc-status:0\r\ngrpc-message:ok\r\n");
    }

    @Test
    void equalNamesStayApartAndInOrder() {
        assertThat(lines("a", "1", "b", "2", "a", "3", "grpc-status", "0"))
                .isEqualTo("a:1\r\nb:2\r\na:3\r\ngrpc-status:0\r\n");
    }

    @Test
    void binaryValuesStayBase64() {
        assertThat(lines("x-bin", "AAEC", "grpc-status", "0")).isEqualTo("x-bin:AAEC\r\ngrpc-status:0\r\n");
    }

    @Test
    void anEncodedMessageStaysAsItIs() {
        assertThat(message("%E2%82%AC")).isEqualTo("%E2%82%AC");
        assertThat(message("all is well ~")).isEqualTo("all is well ~");
    }

    @Test
    void aPercentSignThatIsNoEscapeIsEncoded() {
        assertThat(message("100%")).isEqualTo("100%25");
        assertThat(message("%zz")).isEqualTo("%25zz");
        assertThat(message("%E2%82%AC at 5%")).isEqualTo("%E2%82%AC at 5%25");
    }

    @Test
    void bytesThatAreNotAsciiAreEncodedInAMessage() {
        assertThat(message("caf\u00c3\u00a9")).isEqualTo("caf%C3%A9");
    }

    @Test
    void escapesThatAreNoTextAreMadeReadable() {
        // decodeURIComponent throws on %FF.
        assertThat(message("%FF")).isEqualTo("%25FF");
    }

    @Test
    void otherFieldsThatAreNotAsciiAreDropped() {
        assertThat(lines("x-a", "caf\u00e9", "x-b", "1", "grpc-status", "0")).isEqualTo("x-b:1\r\ngrpc-status:0\r\n");
    }

    @Test
    void aMissingStatusIsMadeUp() {
        assertThat(lines("grpc-message", "x")).isEqualTo("grpc-status:2\r\ngrpc-message:x\r\n");
        assertThat(lines()).isEqualTo("grpc-status:2\r\ngrpc-message:the backend sent no grpc-status\r\n");
    }

    @Test
    void aStatusThatIsNoNumberIsReplaced() {
        assertThat(lines("grpc-status", "abc"))
                .isEqualTo("grpc-status:2\r\ngrpc-message:the backend sent grpc-status \"abc\"\r\n");
    }

    @Test
    void anUnknownNumberIsPassedOn() {
        assertThat(lines("grpc-status", "99")).isEqualTo("grpc-status:99\r\n");
    }

    @Test
    void aStatusOfTheGatewaysOwnIsWritten() {
        ByteBuf frame = TrailersFrame.of(4, "too late: 100%", ByteBufAllocator.DEFAULT);
        assertThat(text(frame)).isEqualTo("\u0080\0\0\0.grpc-status:4\r\ngrpc-message:too late: 100%25\r\n");
    }

    private static String message(String sent) {
        String lines = lines("grpc-status", "3", "grpc-message", sent);
        assertThat(lines).startsWith("grpc-status:3\r\ngrpc-message:").endsWith("\r\n");
        return lines.substring("grpc-status:3\r\ngrpc-message:".length(), lines.length() - 2);
    }

    private static String lines(String... fields) {
        String frame = frame(fields);
        assertThat((int) frame.charAt(0)).isEqualTo(0x80);
        int length = frame.charAt(3) << 8 | frame.charAt(4);
        assertThat(frame).hasSize(length + 5);
        return frame.substring(5);
    }

    private static String frame(String... fields) {
        Http2Headers trailers = new DefaultHttp2Headers(false);
        for (int i = 0; i < fields.length; i += 2) {
            trailers.add(fields[i], fields[i + 1]);
        }
        return text(TrailersFrame.of(trailers, ByteBufAllocator.DEFAULT));
    }

    private static String text(ByteBuf frame) {
        String text = frame.toString(StandardCharsets.ISO_8859_1);
        frame.release();
        return text;
    }
}
