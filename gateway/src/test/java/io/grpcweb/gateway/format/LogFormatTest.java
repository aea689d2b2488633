package io.grpcweb.gateway.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpcweb.gateway.config.AccessLogConfig.Format;
import io.grpcweb.gateway.http.CallFormat;
import io.grpcweb.gateway.http.ResponseFlag;
import io.grpcweb.gateway.http.StreamInfo;
import io.grpcweb.gateway.telemetry.Calls;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogFormatTest {
    private final StreamInfo call = Calls.unary();

    private String text(String format) {
        return line(new Format.Text(format, false));
    }

    private String line(Format format) {
        LineBuffer out = new LineBuffer();
        LogFormat.of(format).write(call, out);
        return new String(out.copy(), StandardCharsets.UTF_8);
    }

    private void header(String value) {
        call.requestHeaders.set("x-odd", value);
    }

    /** What a header field holds: a character for each byte. */
    private static String bytes(String utf8) {
        return new String(utf8.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @CsvSource({
        "%PROTOCOL%, HTTP/1.1",
        "%RESPONSE_CODE%, 200",
        "%RESPONSE_CODE_DETAILS%, via_upstream",
        "%RESPONSE_FLAGS%, -",
        "%BYTES_RECEIVED%/%BYTES_SENT%, 10/30",
        "%DURATION%, 70",
        "%REQUEST_DURATION%, 1",
        "%RESPONSE_DURATION%, 60",
        "%RESPONSE_TX_DURATION%, 10",
        "%REQUEST_TX_DURATION%, -",
        "%COMMON_DURATION(DS_RX_BEG:DS_TX_END:us)%, 70900",
        "%REQ(:METHOD)% %REQ(X-NOPE?:METHOD)% %REQ(X-NOPE)%, POST POST -",
        "%REQ(USER-AGENT):3%, tes",
        "%PATH(NQ)%, /ops.Echo/Unary",
        "%PATH(WQ:ORIG)%, -",
        "%QUERY_PARAM(q)%, 7",
        "%RESP(CONTENT-TYPE)%, application/grpc-web+proto",
        "%TRAILER(GRPC-STATUS)%, -",
        "%GRPC_STATUS%, OK",
        "%GRPC_STATUS(NUMBER)%, 0",
        "%ROUTE_NAME% %UPSTREAM_CLUSTER% %UPSTREAM_HOST%, echo echo 127.0.0.1:50051",
        "%DOWNSTREAM_REMOTE_ADDRESS%, 127.0.0.1:50404",
        "%DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT%, 127.0.0.1",
        "%CONNECTION_ID%, 7",
        "100%%, 100%",
    })
    void operatorsAreWrittenAsEnvoyDoes(String format, String line) {
        assertThat(text(format)).isEqualTo(line);
    }

    @Test
    void aFieldThatIsEmptyIsNotMissing() {
        header("");

        assertThat(text("[%REQ(x-odd)%] [%REQ(x-odd?:METHOD)%] [%REQ(x-none)%]"))
                .isEqualTo("[] [] [-]");
    }

    @Test
    void aParameterIsDecoded() {
        call.requestHeaders.path("/a?x=a%20b+c&y&z=%zz");

        assertThat(text("[%QUERY_PARAM(x)%] [%QUERY_PARAM(y)%] [%QUERY_PARAM(z)%] [%QUERY_PARAM(q)%]"))
                .isEqualTo("[a b+c] [] [%zz] [-]");
    }

    @Test
    void timesAreWrittenAsStrftimeDoes() {
        TimeFormat iso = TimeFormat.of(null, false);
        TimeFormat own = TimeFormat.of("%Y/%m/%dT%H:%M:%S%z %s.%3f %% %e", false);

        assertThat(iso.text(1_795_229_113_763L)).isEqualTo("2026-11-21T02:45:13.763Z");
        assertThat(iso.text(1_795_229_113_004L)).isEqualTo("2026-11-21T02:45:13.004Z");
        assertThat(own.text(1_795_229_113_763L)).isEqualTo("2026/11/21T02:45:13+0000 1795229113.763 % 21");
    }

    @Test
    void theDefaultLineIsEnvoys() {
        call.requestHeaders.set("x-request-id", "ccc88848");
        call.responseHeaders.set("x-envoy-upstream-service-time", "59");

        assertThat(line(new Format.Default()))
                .matches(
                        "\\[20\\d\\d-\\d\\d-\\d\\dT[0-9:.]{12}Z\\] \"POST /ops.Echo/Unary\\?q=7 HTTP/1.1\" 200 - 10 30 70 59"
                                + " \"-\" \"test\" \"ccc88848\" \"ops.example\" \"127.0.0.1:50051\"\n");
    }

    @Test
    void severalFlagsBeginWithTheUsedUpRetries() {
        call.flag(ResponseFlag.UPSTREAM_CONNECTION_FAILURE);
        call.flag(ResponseFlag.UPSTREAM_RETRY_LIMIT);

        assertThat(text("%RESPONSE_FLAGS%")).isEqualTo("URX,UF");
        assertThat(text("%RESPONSE_FLAGS_LONG%")).isEqualTo("UpstreamRetryLimitExceeded,UpstreamConnectionFailure");
    }

    @Test
    void theStatusOfACallIsTheOneThatTheBrowserWasTold() {
        call.grpcStatus = 5;
        assertThat(text("%GRPC_STATUS% %GRPC_STATUS(SNAKE_STRING)% %GRPC_STATUS_NUMBER%"))
                .isEqualTo("NotFound NOT_FOUND 5");
        call.grpcStatus = 1;
        assertThat(text("%GRPC_STATUS%")).isEqualTo("Canceled");
    }

    @Test
    void aCallThatWasBrokenOffHasStatusTwoAndWhatIsNoCallHasNone() {
        call.grpcStatus = -1;
        assertThat(text("%GRPC_STATUS% %GRPC_STATUS_NUMBER%")).isEqualTo("Unknown 2");

        call.format = CallFormat.HTTP;
        assertThat(text("%GRPC_STATUS% %GRPC_STATUS_NUMBER%")).isEqualTo("- -");
    }

    @Test
    void trailersOfNativeCallsAreTrailers() {
        call.format = CallFormat.GRPC;

        assertThat(text("%TRAILER(GRPC-STATUS)%")).isEqualTo("0");
    }

    @Test
    void aStrangerCannotEndALine() {
        header("a\nb\rc\u001b[31m");

        assertThat(text("%REQ(X-ODD)%\n")).isEqualTo("a\\x0ab\\x0dc\\x1b[31m\n");
    }

    @Test
    void aStrangerCannotLeaveAQuotedField() {
        header("a\" 200 \"b\\");

        assertThat(text("\"%REQ(X-ODD)%\" %REQ(X-ODD)%")).isEqualTo("\"a\\\" 200 \\\"b\\\\\" a\" 200 \"b\\");
    }

    @Test
    void textOfOtherLanguagesPassesAndBrokenTextIsShownInHex() {
        header(bytes("\u00e4\u65e5\ud83d\ude00"));
        assertThat(text("%REQ(X-ODD)%")).isEqualTo("\u00e4\u65e5\ud83d\ude00");

        header("\u00e4\u00ff\u00c0\u00af");
        assertThat(text("%REQ(X-ODD)%")).isEqualTo("\\xe4\\xff\\xc0\\xaf");
    }

    @Test
    void charactersThatTurnTextRoundOrBreakLinesAreShownInHex() {
        header(bytes("a\u202eb\u2028c\u009bd"));

        assertThat(text("%REQ(X-ODD)%")).isEqualTo("a\\xe2\\x80\\xaeb\\xe2\\x80\\xa8c\\xc2\\x9bd");
    }

    @Test
    void valuesOfJsonKeepTheirTypeAndTheirNamesAreSorted() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("code", "%RESPONSE_CODE%");
        fields.put("none", "%REQ(X-NOPE)%");
        fields.put("flags", "%RESPONSE_FLAGS%");
        fields.put("mixed", "%REQ(:METHOD)% %RESPONSE_CODE% %REQ(X-NOPE)%");
        fields.put("constant", "plain \"text\"");
        fields.put("number", 5);
        fields.put("list", List.of("%PROTOCOL%", true));
        fields.put("nested", Map.of("sent", "%BYTES_SENT%"));

        assertThat(line(new Format.Json(fields, false))).isEqualTo("""
                        {"code":200,"constant":"plain \\"text\\"","flags":"-","list":["HTTP/1.1",true],\
                        "mixed":"POST 200 -","nested":{"sent":30},"none":null,"number":5}
                        """);
    }

    @Test
    void emptyValuesOfJsonAreLeftOutOnRequest() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("none", "%REQ(X-NOPE)%");
        fields.put("only", Map.of("a", "%REQ(X-NOPE)%"));
        fields.put("mixed", "%REQ(:METHOD)% %REQ(X-NOPE)%");

        assertThat(line(new Format.Json(fields, true))).isEqualTo("{\"mixed\":\"POST \"}\n");
    }

    @Test
    void theOwnLineIsOneFlatObjectWithoutWhatIsMissing() {
        String line = line(new Format.Own());

        assertThat(line).startsWith("{\"time\":\"20");
        assertThat(line.substring(line.indexOf("\"method\""))).isEqualTo("""
                        "method":"POST","path":"/ops.Echo/Unary","grpc_status":"OK","http_status":200,"duration_ms":70,\
                        "backend_ms":60,"bytes_received":10,"bytes_sent":30,"details":"via_upstream","flags":"-",\
                        "cluster":"echo","endpoint":"127.0.0.1:50051","attempts":1,"route":"echo",\
                        "protocol":"HTTP/1.1","authority":"ops.example","client":"127.0.0.1","user_agent":"test"}
                        """);
    }

    @Test
    void aStrangerCannotAddAFieldOfJson() {
        header("\",\"code\":\"0\u0001" + bytes("\u00e9") + "\u00ff");

        assertThat(line(new Format.Json(Map.of("odd", "%REQ(X-ODD)%"), false)))
                .isEqualTo("{\"odd\":\"\\\",\\\"code\\\":\\\"0\\u0001\u00e9\\u00ff\"}\n");
    }

    @Test
    void aHugeHeaderFieldIsCut() {
        header("x".repeat(200_000));

        assertThat(text("%REQ(X-ODD)%")).hasSize(65_536);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a %BOGUS%|Not supported field in StreamInfo: BOGUS (at position 2)",
                "%PROTOCOL(X)%|PROTOCOL does not take any parameters or length (at position 0)",
                "%PROTOCOL:3%|PROTOCOL does not take any parameters or length (at position 0)",
                "%REQ%|REQ requires parameters (at position 0)",
                "%REQ()%|REQ requires parameters (at position 0)",
                "%GRPC_STATUS(X)%|GrpcStatusFormatter only supports CAMEL_STRING, SNAKE_STRING or NUMBER. Got: X (at position"
                        + " 0)",
                "50% of|Incorrect configuration: no operator at position 2 of '50% of'",
                "%REQ(A|Incorrect configuration: the parenthesis at position 4 of '%REQ(A' is not closed",
            })
    void mistakesAreNamedWithTheirPlace(String format, String message) {
        assertThatThrownBy(() -> text(format)).isInstanceOf(BadFormat.class).hasMessage(message);
    }
}
