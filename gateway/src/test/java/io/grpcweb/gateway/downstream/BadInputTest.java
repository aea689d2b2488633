package io.grpcweb.gateway.downstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Bad requests, by the numbers of their kinds: each gets its status, however it is cut, and neither it nor what was sent behind
 * it on the connection becomes an exchange, which only the inside can tell.
 */
class BadInputTest {
    private static final String TABLE = "src/test/resources/io/grpcweb/gateway/downstream/bad-inputs.txt";
    private static final String BEHIND = "GET /behind HTTP/1.1\r\nhost: a\r\n\r\n";
    private static final Pattern REPEATED = Pattern.compile("@([fc]?)(\\d+)@");

    private final List<String> begun = new ArrayList<>();
    private EmbeddedChannel channel;

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    static Stream<Arguments> rows() throws IOException {
        return Files.readAllLines(Path.of(TABLE)).stream()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split(" ", 3))
                .map(row -> Arguments.of(Integer.parseInt(row[0]), Integer.parseInt(row[1]), row[2]));
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("rows")
    void isRefusedAndNothingBehindItIsServed(int row, int status, String written) throws Exception {
        byte[] bytes = (bytes(written) + BEHIND).getBytes(StandardCharsets.ISO_8859_1);
        for (int step : new int[] {bytes.length, 7}) {
            channel = new EmbeddedGateway((exchange, head) -> {
                        begun.add(head.path().toString());
                        return new SilentFilter();
                    })
                    .connect();
            for (int at = 0; at < bytes.length && channel.isOpen(); at += step) {
                channel.writeInbound(Unpooled.copiedBuffer(bytes, at, Math.min(step, bytes.length - at)));
                channel.runPendingTasks();
            }
            assertThat(sent()).as("row %d, in pieces of %d", row, step).startsWith("HTTP/1.1 " + status + " ");
            assertThat(begun).as("row %d, in pieces of %d", row, step).isEmpty();
        }
    }

    private String sent() {
        StringBuilder all = new StringBuilder();
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            all.append(part.toString(StandardCharsets.ISO_8859_1));
            part.release();
        }
        return all.toString();
    }

    private static String bytes(String written) {
        Matcher repeated = REPEATED.matcher(written);
        return repeated.replaceAll(
                        found -> Matcher.quoteReplacement(repeated(found.group(1), Integer.parseInt(found.group(2)))))
                .replace("\\r", "\r")
                .replace("\\n", "\n")
                .replace("\\t", "\t")
                .replace("\\0", "\0")
                .replaceAll("\\\\\\\\", "\\\\")
                .transform(BadInputTest::hex);
    }

    private static String repeated(String kind, int count) {
        return switch (kind) {
            case "f" ->
                IntStream.range(0, count)
                        .mapToObj(i -> "x-" + i + ": a")
                        .reduce((a, b) -> a + "\r\n" + b)
                        .orElse("");
            case "c" ->
                IntStream.range(0, count)
                        .mapToObj(i -> "cookie: a=" + i)
                        .reduce((a, b) -> a + "\r\n" + b)
                        .orElse("");
            default -> "a".repeat(count);
        };
    }

    private static String hex(String text) {
        return Pattern.compile("\\\\x([0-9a-f]{2})")
                .matcher(text)
                .replaceAll(found ->
                        Matcher.quoteReplacement(Character.toString((char) Integer.parseInt(found.group(1), 16))));
    }
}
