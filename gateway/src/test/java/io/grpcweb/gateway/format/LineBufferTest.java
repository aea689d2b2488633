package io.grpcweb.gateway.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.config.AccessLogConfig.Format;
import io.grpcweb.gateway.http.Details;
import io.grpcweb.gateway.http.StreamInfo;
import io.grpcweb.gateway.telemetry.Calls;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineBufferTest {
    private final LineBuffer out = new LineBuffer();

    private String written() {
        String text = new String(out.copy(), StandardCharsets.UTF_8);
        out.clear();
        return text;
    }

    /** Each place is looked at, in values shorter and longer than what is looked at together. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 6, 7, 8, 15, 16, 17})
    void eachByteIsEscapedWhereverItStandsInAValue(int place) {
        for (int octet = 0; octet < 256; octet++) {
            String value = "a".repeat(place) + (char) octet + "b".repeat(17 - place);
            String as = octet == '"' || octet == '\\'
                    ? "\\" + (char) octet
                    : octet >= 0x20 && octet < 0x7f ? "" + (char) octet : String.format("\\u%04x", octet);
            String expected = "a".repeat(place) + as + "b".repeat(17 - place);

            out.json(value, true, Integer.MAX_VALUE);
            assertThat(written()).isEqualTo(expected);
            out.json(new AsciiString(value.getBytes(StandardCharsets.ISO_8859_1)), true, Integer.MAX_VALUE);
            assertThat(written()).isEqualTo(expected);
        }
    }

    @Test
    void whatStoodBehindAValueBeforeDoesNotCount() {
        out.json("\u0001\u0001\u0001\u0001\u0001\u0001\u0001\u0001", true, Integer.MAX_VALUE);
        out.clear();

        out.json("abc", true, Integer.MAX_VALUE);
        out.json("\"", true, 0);
        assertThat(written()).isEqualTo("abc");
    }

    @Test
    void textBeyondLatinIsWrittenAsUtf8() {
        out.json("caf\u00e9 \u4e2d", false, Integer.MAX_VALUE);
        assertThat(written()).isEqualTo("caf\u00e9 \u4e2d");
    }

    @Test
    void aFactThatChangesFromLineToLineIsWrittenAsItIs() {
        LogFormat format = LogFormat.of(
                new Format.Json(Map.of("cluster", "%UPSTREAM_CLUSTER%", "details", "%RESPONSE_CODE_DETAILS%"), true));
        StreamInfo call = Calls.unary();

        assertThat(line(format, call)).isEqualTo("{\"cluster\":\"echo\",\"details\":\"via_upstream\"}\n");
        assertThat(line(format, call)).isEqualTo("{\"cluster\":\"echo\",\"details\":\"via_upstream\"}\n");
        call.details = Details.of("say \"no\"");
        assertThat(line(format, call)).isEqualTo("{\"cluster\":\"echo\",\"details\":\"say \\\"no\\\"\"}\n");
        assertThat(line(format, call)).isEqualTo("{\"cluster\":\"echo\",\"details\":\"say \\\"no\\\"\"}\n");
        call.cluster = null;
        assertThat(line(format, call)).isEqualTo("{\"details\":\"say \\\"no\\\"\"}\n");
        call.cluster = "echo";
        call.details = null;
        assertThat(line(format, call)).isEqualTo("{\"cluster\":\"echo\"}\n");
    }

    private String line(LogFormat format, StreamInfo call) {
        format.write(call, out);
        return written();
    }
}
