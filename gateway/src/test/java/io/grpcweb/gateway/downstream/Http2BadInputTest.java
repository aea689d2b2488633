package io.grpcweb.gateway.downstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Bad frames and fields of HTTP/2, by the numbers of their kinds: each gets its answer, nothing bad becomes an exchange, and where the
 * connection goes on the next request on it is served.
 */
class Http2BadInputTest {
    private static final String TABLE = "src/test/resources/io/grpcweb/gateway/downstream/bad-inputs-http2.txt";
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int GOAWAY = 7;
    private static final int LATER = 101;

    private final List<String> begun = new ArrayList<>();
    private final List<String> answers = new ArrayList<>();
    private final DefaultHttp2HeadersDecoder fields = new DefaultHttp2HeadersDecoder(false);
    private EmbeddedChannel channel;

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    static Stream<Arguments> rows() throws IOException {
        return Files.readAllLines(Path.of(TABLE)).stream()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split(" ", 3))
                .map(row -> Arguments.of(Integer.parseInt(row[0]), row[1], row[2]));
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("rows")
    void isAnsweredAndItsNeighbourIsServed(int row, String answer, String written) throws Exception {
        channel = new EmbeddedGateway((exchange, head) -> {
                    begun.add(head.path().toString());
                    return new SilentFilter();
                })
                .connect();
        send(BadFrames.of(written));
        String wanted = answer.replace("+", "");
        if (wanted.equals("ignored")) {
            assertThat(answers).as("row %d", row).isEmpty();
        } else {
            assertThat(answers).as("row %d", row).isNotEmpty();
            assertThat(answers.get(0)).as("row %d: %s", row, answers).startsWith(wanted);
        }
        assertThat(begun).as("row %d", row).hasSize(answer.startsWith("+") ? 1 : 0);

        send(BadFrames.good(LATER, "/later"));
        boolean over = wanted.startsWith("GO");
        assertThat(begun.contains("/later")).as("row %d: %s", row, answers).isNotEqualTo(over);
        assertThat(channel.isOpen()).as("row %d", row).isNotEqualTo(over);
    }

    private void send(ByteBuf bytes) throws Http2Exception {
        if (channel.isOpen()) {
            channel.writeInbound(bytes);
        } else {
            bytes.release();
        }
        channel.runPendingTasks();
        ByteBuf sent = Unpooled.buffer();
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            sent.writeBytes(part);
            part.release();
        }
        while (sent.isReadable()) {
            int length = sent.readUnsignedMedium();
            int type = sent.readByte();
            sent.skipBytes(1);
            int stream = sent.readInt();
            answer(type, stream, sent.readSlice(length));
        }
    }

    private void answer(int type, int stream, ByteBuf payload) throws Http2Exception {
        switch (type) {
            case HEADERS ->
                answers.add(fields.decodeHeaders(stream, payload).status().toString());
            case RST_STREAM -> answers.add("RST(" + payload.readInt() + ")");
            case GOAWAY -> answers.add("GO(" + payload.skipBytes(4).readInt() + ")");
            default -> {}
        }
    }
}
