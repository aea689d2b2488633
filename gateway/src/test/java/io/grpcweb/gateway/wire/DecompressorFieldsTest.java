package io.grpcweb.gateway.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.BackendCall;
import io.grpcweb.gateway.testing.Browser;
import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.Http1Backend;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Subject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What an Envoy file says of the filter decompressor. */
@ParameterizedClass
@MethodSource("io.grpcweb.gateway.testing.Subject#all")
record DecompressorFieldsTest(Subject subject) {
    private static final String PATH = "/wire.Service/Call";

    /** {@code F3} in one stored block of gzip (RFC 1951 section 3.2.4). */
    private static final byte[] GZIP =
            Frames.hex("1f8b 08 00 00000000 00 ff  01 0800 f7ff 00000000030a0161  de95ae59 08000000");

    /** {@code F3} in one meta-block of brotli that is not compressed (RFC 7932 section 9.2). */
    private static final byte[] BROTLI = Frames.hex("8b0380 00000000030a0161 03");

    /** {@code F3} in one raw block of zstd (RFC 8878 section 3.1.1.2). */
    private static final byte[] ZSTD = Frames.hex("28b52ffd 20 08 410000 00000000030a0161");

    private static String filter(String kind, String library, String settings) {
        String message = Character.toUpperCase(kind.charAt(0)) + kind.substring(1);
        return """
                - name: %s
                  typed_config:
                    "@type": type.googleapis.com/envoy.extensions.filters.http.decompressor.v3.Decompressor
                    decompressor_library:
                      name: lib
                      typed_config: { "@type": type.googleapis.com/envoy.extensions.compression.%s.decompressor.v3.%s %s }
                    %s
                """.formatted(kind, kind, message, library, settings);
    }

    private static String gzip(String settings) {
        return filter("gzip", "", settings);
    }

    private static byte[] gzipped(byte[] body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(body);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toByteArray();
    }

    /** What the backend got, and what the client. */
    private record Seen(String body, String coding, String accepted, String size, Answer answer, String stats) {}

    private Seen call(String filter, byte[] body, String... fields) {
        try (ScriptedBackend backend = new ScriptedBackend().on(PATH, asked -> {
                    asked.awaitEnd();
                    asked.head("content-type", "application/json", "content-encoding", "gzip")
                            .lastData(GZIP);
                });
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port()).with("FILTERS", filter));
                Browser browser = Browser.connect(2, gateway.port())) {
            var call = browser.call(PATH, fields);
            call.send(body);
            call.end();
            BackendCall seen = backend.next();
            byte[] got = seen.awaitEnd();
            CharSequence size = seen.exchange().trailers() == null
                    ? null
                    : seen.exchange().trailers().get("x-envoy-decompressor-lib-compressed-bytes");
            return new Seen(
                    new String(got, ISO_8859_1),
                    seen.header("content-encoding"),
                    seen.header("accept-encoding"),
                    size == null ? null : size.toString(),
                    call.answer(),
                    gateway.page("/stats"));
        }
    }

    @ParameterizedTest
    @CsvSource({"gzip,gzip", "brotli,br", "zstd,zstd"})
    void aRequestLosesItsCoding(String kind, String coding) {
        byte[] body =
                switch (kind) {
                    case "gzip" -> GZIP;
                    case "brotli" -> BROTLI;
                    default -> ZSTD;
                };
        Seen seen = call(filter(kind, "", ""), body, "content-type", "application/json", "content-encoding", coding);
        assertThat(seen.body()).isEqualTo(new String(Frames.F3, ISO_8859_1));
        assertThat(seen.coding()).isNull();
        assertThat(seen.accepted()).isEqualTo(coding);
        assertThat(seen.size()).isEqualTo(Integer.toString(body.length));
        assertThat(seen.stats())
                .contains(
                        "http.edge.decompressor.lib." + kind + ".request.decompressed: 1",
                        "http.edge.decompressor.lib." + kind + ".request.total_compressed_bytes: " + body.length,
                        "http.edge.decompressor.lib." + kind + ".request.total_uncompressed_bytes: 8");
    }

    @Test
    void aResponseLosesItsCoding() {
        Seen seen = call(gzip(""), Frames.F3, "content-type", "application/json");
        assertThat(seen.answer().header("content-encoding")).isNull();
        assertThat(seen.answer().body()).isEqualTo(Frames.F3);
        assertThat(seen.stats()).contains("http.edge.decompressor.lib.gzip.response.decompressed: 1");
    }

    @Test
    void eachDirectionCanBeOff() {
        String off = ": { common_config: { enabled: { default_value: false, runtime_key: a } } }";
        Seen request = call(
                gzip("request_direction_config" + off),
                GZIP,
                "content-type",
                "application/json",
                "content-encoding",
                "gzip");
        assertThat(request.body()).isEqualTo(new String(GZIP, ISO_8859_1));
        assertThat(request.answer().body()).isEqualTo(Frames.F3);
        Seen response = call(
                gzip("response_direction_config" + off),
                GZIP,
                "content-type",
                "application/json",
                "content-encoding",
                "gzip");
        assertThat(response.body()).isEqualTo(new String(Frames.F3, ISO_8859_1));
        assertThat(response.answer().body()).isEqualTo(GZIP);
        assertThat(response.accepted()).isNull();
    }

    @Test
    void theBackendIsToldUnlessTheFileSaysNo() {
        String silent = gzip("request_direction_config: { advertise_accept_encoding: false }");
        assertThat(call(silent, Frames.F3, "content-type", "a/b").accepted()).isNull();
        assertThat(call(gzip(""), Frames.F3, "content-type", "a/b", "accept-encoding", "gzip;q=0.1, br")
                        .accepted())
                .isEqualTo("br,gzip");
    }

    @Test
    void aBodyThatMustNotBeChangedIsNot() {
        String[] fields = {
            "content-type", "application/json", "content-encoding", "gzip", "cache-control", "max-age=0, no-transform"
        };
        assertThat(call(gzip(""), GZIP, fields).body()).isEqualTo(new String(GZIP, ISO_8859_1));
        String even = gzip("request_direction_config: { common_config: { ignore_no_transform_header: true } }");
        assertThat(call(even, GZIP, fields).body()).isEqualTo(new String(Frames.F3, ISO_8859_1));
    }

    @Test
    void aBodyMayGrowSoManyTimes() {
        byte[] zeros = new byte[200_000];
        byte[] packed = gzipped(zeros);
        assertThat(packed).hasSizeBetween(200, 1000);
        String filter = filter("gzip", ", max_inflate_ratio: 1032", "");
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway =
                        subject.start(new EnvoyFile(backend.port()).http1().with("FILTERS", filter));
                Browser browser = Browser.connect(2, gateway.port())) {
            browser.post(PATH, packed, "content-type", "application/json", "content-encoding", "gzip");
            assertThat(backend.next().body()).hasSize(zeros.length);
        }
    }
}
