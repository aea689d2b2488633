package io.grpcweb.gateway.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.Browser;
import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.Http1Backend;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.Subject;
import io.grpcweb.gateway.testing.Unpacked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What an Envoy file says of the filter compressor. */
@ParameterizedClass
@MethodSource("io.grpcweb.gateway.testing.Subject#all")
record CompressorFieldsTest(Subject subject) {
    private static final String TYPE = "type.googleapis.com/envoy.extensions.filters.http.compressor.v3.";
    private static final String HUNDRED = "0123456789".repeat(10);
    private static final String GZIP = "http.edge.compressor.lib.gzip.";

    private static String library(String kind, String settings) {
        String message = Character.toUpperCase(kind.charAt(0)) + kind.substring(1);
        return "compressor_library: { name: lib, typed_config: { \"@type\": type.googleapis.com/"
                + "envoy.extensions.compression.%s.compressor.v3.%s %s } }".formatted(kind, message, settings);
    }

    private static String filter(String name, String library, String settings) {
        return "- name: %s\n  typed_config: { \"@type\": %sCompressor, %s, %s }\n"
                .formatted(name, TYPE, library, settings);
    }

    private static String gzip(String settings) {
        return filter("pack", library("gzip", ""), settings);
    }

    /** A route whose response is a hundred digits. */
    private static String route(String path, String pieces) {
        return "- match: { path: %s }\n  direct_response: { status: 200, body: { inline_string: \"%s\" } }\n  %s\n"
                .formatted(path, HUNDRED, pieces);
    }

    private static String with(String field, String value) {
        return "response_headers_to_add: [{ header: { key: %s, value: '%s' }, append_action: OVERWRITE_IF_EXISTS_OR_ADD }]"
                .formatted(field, value);
    }

    private Subject.Running start(String filters, String... routes) {
        EnvoyFile file = new EnvoyFile(1).with("FILTERS", filters);
        return subject.start(file.with("ROUTES", route("/", "") + String.join("", routes)));
    }

    private static Answer get(Subject.Running gateway, String path, String accepted) {
        return Http1Browser.once(gateway.port(), "GET", path, "accept-encoding", accepted);
    }

    private static void assertPacked(Answer answer, String coding) {
        assertThat(answer.header("content-encoding")).isEqualTo(coding);
        assertThat(answer.header("content-length")).isNull();
        assertThat(answer.header("vary")).isEqualTo("Accept-Encoding");
        assertThat(new String(Unpacked.of(coding, answer.body()), ISO_8859_1)).isEqualTo(HUNDRED);
    }

    private static void assertPlain(Answer answer) {
        assertThat(answer.header("content-encoding")).isNull();
        assertThat(answer.text()).isEqualTo(HUNDRED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gzip   | gzip | , compression_level: BEST_SPEED, compression_strategy: HUFFMAN_ONLY, chunk_size: 8192",
                "gzip   | gzip | , compression_level: COMPRESSION_LEVEL_7, compression_strategy: FILTERED",
                "brotli | br   | , quality: 5, encoder_mode: TEXT, window_bits: 16",
                "zstd   | zstd | , compression_level: 9, enable_checksum: true, strategy: LAZY, chunk_size: 8192",
            })
    void aLibraryHasSettings(String kind, String coding, String settings) {
        String filter = filter("pack", library(kind, settings == null ? "" : settings), "choose_first: false");
        try (Subject.Running gateway = start(filter)) {
            assertPacked(get(gateway, "/", coding), coding);
            String counters = "http.edge.compressor.lib." + kind;
            assertThat(gateway.page("/stats"))
                    .contains(counters + ".compressed: 1", counters + ".header_compressor_used: 1");
        }
    }

    @Test
    void theChecksumOfZstdIsWritten() {
        String plain = filter("pack", library("zstd", ""), "choose_first: false");
        String checked = filter("pack", library("zstd", ", enable_checksum: true"), "choose_first: false");
        try (Subject.Running without = start(plain);
                Subject.Running with = start(checked)) {
            // Bit 2 of the frame header descriptor (RFC 8878 section 3.1.1.1.1), and four bytes at the end.
            assertThat(get(without, "/", "zstd").body()[4] & 4).isZero();
            assertThat(get(with, "/", "zstd").body()[4] & 4).isEqualTo(4);
        }
    }

    @Test
    void aResponseMustBeLongEnoughAndOfAType() {
        String filter = gzip("response_direction_config: { common_config: { min_content_length: 101,"
                + " content_type: [text/plain] } }");
        try (Subject.Running gateway = start(filter)) {
            assertPlain(get(gateway, "/", "gzip"));
            assertThat(gateway.page("/stats"))
                    .contains(GZIP + "response.content_length_too_small: 1", GZIP + "response.not_compressed: 1");
        }
        String types =
                "response_direction_config: { common_config: { min_content_length: 100, content_type: [Image/X] } }";
        try (Subject.Running gateway = start(gzip(types), route("/image", with("content-type", "image/x;a=b")))) {
            assertPlain(get(gateway, "/", "gzip"));
            assertPacked(get(gateway, "/image", "gzip"), "gzip");
        }
    }

    @Test
    void aMatcherOfTypesCountsInsteadOfTheirList() {
        String filter = gzip("response_direction_config: { common_config: { content_type: [text/plain],"
                + " content_type_matcher: [{ prefix: image/ }] } }");
        try (Subject.Running gateway = start(filter, route("/image", with("content-type", "image/x")))) {
            assertPlain(get(gateway, "/", "gzip"));
            assertPacked(get(gateway, "/image", "gzip"), "gzip");
        }
    }

    @Test
    void responsesAreLeftAloneWhereTheyAreNotEnabled() {
        String filter = gzip("response_direction_config: { common_config: { enabled:"
                + " { default_value: false, runtime_key: a } } }");
        try (Subject.Running gateway = start(filter)) {
            Answer answer = get(gateway, "/", "gzip");
            assertPlain(answer);
            assertThat(answer.header("vary")).isNull();
        }
    }

    @Test
    void anOlderFileSaysItInTheFilterItself() {
        String filter = gzip("content_length: 100, content_type: [image/x], disable_on_etag_header: true,"
                + " remove_accept_encoding_header: true, runtime_enabled: { default_value: true, runtime_key: a }");
        String image = with("content-type", "image/x");
        String etag = image.replace("]", "") + ", { header: { key: etag, value: '\"a\"' } }]";
        try (Subject.Running gateway = start(filter, route("/image", image), route("/etag", etag))) {
            assertPlain(get(gateway, "/", "gzip"));
            assertPlain(get(gateway, "/etag", "gzip"));
            assertPacked(get(gateway, "/image", "gzip"), "gzip");
            assertThat(gateway.page("/stats"))
                    .contains(GZIP + "compressed: 1", GZIP + "not_compressed: 2", GZIP + "not_compressed_etag: 1");
        }
        try (Subject.Running gateway = start(gzip("content_length: 101"))) {
            assertPlain(get(gateway, "/", "gzip"));
        }
        try (Subject.Running gateway = start(gzip("runtime_enabled: { default_value: false, runtime_key: a }"))) {
            assertPlain(get(gateway, "/", "gzip"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'',                               , gzip",
        "weaken_etag_on_compress: true, 'W/\"a\"', gzip",
        "disable_on_etag_header: true, '\"a\"', ",
        "'weaken_etag_on_compress: true, disable_on_etag_header: true', 'W/\"a\"', gzip",
    })
    void anEtagNamesTheBytesOfABody(String rule, String etag, String coding) {
        String filter = gzip("response_direction_config: { " + rule + " }");
        try (Subject.Running gateway = start(filter, route("/etag", with("etag", "\"a\"")))) {
            Answer answer = get(gateway, "/etag", "gzip");
            assertThat(answer.header("etag")).isEqualTo(etag);
            assertThat(answer.header("content-encoding")).isEqualTo(coding);
        }
    }

    @Test
    void someStatusesAreNotCompressedAndAFieldSaysWhy() {
        String filter = gzip(
                "response_direction_config: { uncompressible_response_codes: [206], status_header_enabled: true }");
        String part = route("/part", "").replace("status: 200", "status: 206");
        String image = route("/image", with("content-type", "image/x"));
        String shortOne = route("/short", "").replace(HUNDRED, "1");
        try (Subject.Running gateway = start(filter, part, image, shortOne)) {
            assertThat(get(gateway, "/", "gzip").header("x-envoy-compression-status"))
                    .isEqualTo("gzip;Compressed;OriginalLength=100");
            assertThat(get(gateway, "/part", "gzip").header("x-envoy-compression-status"))
                    .isEqualTo("gzip;StatusCodeNotAllowed");
            assertThat(get(gateway, "/image", "gzip").header("x-envoy-compression-status"))
                    .isEqualTo("gzip;ContentTypeNotAllowed");
            assertThat(get(gateway, "/short", "gzip").header("x-envoy-compression-status"))
                    .isEqualTo("gzip;ContentLengthTooSmall");
            assertThat(get(gateway, "/", "br").header("x-envoy-compression-status"))
                    .isNull();
        }
    }

    @Test
    void oneOfTwoCodingsIsTakenFirst() {
        String two = filter("a", library("gzip", ""), "choose_first: %s");
        String br = filter("b", library("brotli", ""), "choose_first: %s");
        try (Subject.Running gateway = start(two.formatted(false) + br.formatted(true))) {
            assertPacked(get(gateway, "/", "gzip, br"), "br");
            assertPacked(get(gateway, "/", "gzip, br;q=0.9"), "gzip");
        }
        try (Subject.Running gateway = start(two.formatted(false) + br.formatted(false))) {
            assertPacked(get(gateway, "/", "gzip, br"), "gzip");
            assertThat(gateway.page("/stats"))
                    .contains("http.edge.compressor.lib.brotli.header_compressor_overshadowed: 1");
        }
    }

    @Test
    void aRouteIsWithoutItOrHasItOrHasAnotherLibrary() {
        String place = "typed_per_filter_config: { pack: { \"@type\": " + TYPE + "CompressorPerRoute, %s } }";
        String off = route("/off", place.formatted("disabled: true"));
        String on = route("/on", place.formatted("overrides: { response_direction_config: {} }"));
        String other = route(
                "/other",
                place.formatted("overrides: { response_direction_config: {}, " + library("brotli", "") + " }"));
        try (Subject.Running gateway = start(gzip("choose_first: false"), off)) {
            assertPlain(get(gateway, "/off", "gzip"));
            assertPacked(get(gateway, "/", "gzip"), "gzip");
        }
        String disabled = gzip(
                "response_direction_config: { common_config: { enabled: { default_value: false, runtime_key: a } } }");
        try (Subject.Running gateway = start(disabled, on, other)) {
            assertPlain(get(gateway, "/", "gzip"));
            assertPacked(get(gateway, "/on", "gzip"), "gzip");
            assertPacked(get(gateway, "/other", "br"), "br");
        }
    }

    @Test
    void theBackendDoesNotSeeWhatTheClientAccepts() {
        String removed = gzip("response_direction_config: { remove_accept_encoding_header: true }");
        String place = "- match: { path: /kept }\n  route: { cluster: backend }\n  typed_per_filter_config: { pack: {"
                + " \"@type\": " + TYPE + "CompressorPerRoute, overrides: { response_direction_config:"
                + " { remove_accept_encoding_header: false } } } }\n";
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                        .http1()
                        .with("FILTERS", removed)
                        .with("ROUTES", place + "- match: { prefix: / }\n  route: { cluster: backend }\n"))) {
            get(gateway, "/", "gzip");
            assertThat(backend.next().field("accept-encoding")).isNull();
            get(gateway, "/kept", "gzip");
            assertThat(backend.next().field("accept-encoding")).isEqualTo("gzip");
        }
    }

    @Test
    void aRequestIsCompressedForTheBackend() {
        String filter = gzip("request_direction_config: { common_config: { enabled: { default_value: true,"
                + " runtime_key: a }, min_content_length: 100, content_type: [text/x] } }");
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway =
                        subject.start(new EnvoyFile(backend.port()).http1().with("FILTERS", filter));
                Browser browser = Browser.connect(2, gateway.port())) {
            browser.post("/", HUNDRED.getBytes(ISO_8859_1), "content-type", "text/x", "content-length", "100");
            Http1Backend.Request request = backend.next();
            assertThat(request.field("content-encoding")).isEqualTo("gzip");
            assertThat(Unpacked.of("gzip", request.body().getBytes(ISO_8859_1)))
                    .isEqualTo(HUNDRED.getBytes(ISO_8859_1));
            browser.post("/", Frames.F3, "content-type", "text/x", "content-length", "8");
            assertThat(backend.next().field("content-encoding")).isNull();
            assertThat(gateway.page("/stats"))
                    .contains(
                            GZIP + "request.compressed: 1",
                            GZIP + "request.total_uncompressed_bytes: 100",
                            GZIP + "request.content_length_too_small: 1");
        }
    }
}
