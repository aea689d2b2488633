package io.grpcweb.gateway.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.BackendCall;
import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.Http2Browser;
import io.grpcweb.gateway.testing.Http2Exchange;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Shop;
import io.grpcweb.gateway.testing.Subject;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What an Envoy file says of the filter grpc_json_transcoder. */
@ParameterizedClass
@MethodSource("io.grpcweb.gateway.testing.Subject#all")
record TranscoderFieldsTest(Subject subject) {
    private static final String TYPE =
            "type.googleapis.com/envoy.extensions.filters.http.grpc_json_transcoder.v3.GrpcJsonTranscoder";

    /** shop.ItemName with shelf s1 and item i1. */
    private static final byte[] NAME = Frames.hex("00 00000008 0a027331 12026931");

    /** shop.Item with id i1 and color COLOR_RED. */
    private static final byte[] ITEM = Frames.hex("00 00000006 0a026931 2801");

    private static String filter(String settings) {
        return "- name: json\n  typed_config: { \"@type\": " + TYPE + ", proto_descriptor_bin: "
                + Base64.getEncoder().encodeToString(Shop.descriptors()) + ", services: [shop.Shop], " + settings
                + " }\n";
    }

    private static void item(BackendCall call) {
        call.awaitEnd();
        call.head().data(ITEM).trailers("grpc-status", "0");
    }

    private static void nothing(BackendCall call) {
        call.awaitEnd();
        call.head().data(Frames.F0).trailers("grpc-status", "0");
    }

    private static void items(BackendCall call) {
        call.awaitEnd();
        call.head().data(ITEM, ITEM).trailers("grpc-status", "0");
    }

    private static void missing(BackendCall call) {
        call.awaitEnd();
        call.trailersOnly("grpc-status", "5", "grpc-message", "no such item");
    }

    private static ScriptedBackend backend() {
        return new ScriptedBackend()
                .on("/shop.Shop/GetItem", TranscoderFieldsTest::item)
                .on("/shop.Shop/Wild", TranscoderFieldsTest::item)
                .on("/shop.Shop/Echo", TranscoderFieldsTest::item)
                .on("/shop.Shop/ReplaceItem", TranscoderFieldsTest::item)
                .on("/shop.Shop/ListItems", TranscoderFieldsTest::items)
                .on("/shop.Shop/Deep", TranscoderFieldsTest::missing)
                .on("/shop.Shop/PutRaw", TranscoderFieldsTest::item)
                .on("/", call -> call.trailersOnly("grpc-status", "12"));
    }

    private static EnvoyFile file(ScriptedBackend backend, String settings) {
        return new EnvoyFile(backend.port()).with("FILTERS", filter(settings));
    }

    private static Answer ask(int port, String method, String path, String body, String... fields) {
        try (Http2Browser browser = new Http2Browser(port)) {
            Http2Headers head = Http2Browser.head(path, fields).method(method);
            Http2Exchange exchange = browser.peer().open(head, body.isEmpty());
            if (!body.isEmpty()) {
                browser.peer().data(exchange, body.getBytes(UTF_8), true);
            }
            return new Http2Browser.Call(exchange).answer();
        }
    }

    /** The body of one request and its response, with these settings. */
    private String body(String settings, String method, String path, String body) {
        try (ScriptedBackend backend = backend();
                Subject.Running gateway = subject.start(file(backend, settings))) {
            return ask(gateway.port(), method, path, body).text();
        }
    }

    private int status(String settings, String path) {
        try (ScriptedBackend backend = backend();
                Subject.Running gateway = subject.start(file(backend, settings))) {
            return ask(gateway.port(), "GET", path, "").status();
        }
    }

    /** What the backend is sent for a request, with these settings. */
    private byte[] sent(String settings, String method, String path, String body, String... fields) {
        try (ScriptedBackend backend = backend();
                Subject.Running gateway = subject.start(file(backend, settings))) {
            ask(gateway.port(), method, path, body, fields);
            return backend.next().awaitEnd();
        }
    }

    @Test
    void descriptorsFromAFileAndServices(@TempDir Path folder) throws IOException {
        Path descriptors = Files.write(folder.resolve("shop.binpb"), Shop.descriptors());
        try (ScriptedBackend backend = backend();
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                        .with(
                                "FILTERS",
                                "- name: json\n  typed_config: { \"@type\": " + TYPE + ", proto_descriptor: "
                                        + descriptors + ", services: [shop.Shop] }\n"))) {
            Answer answer = ask(gateway.port(), "GET", "/v1/shelves/s1/items/i1", "");

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("content-type")).isEqualTo("application/json");
            assertThat(answer.header("content-length")).isEqualTo("31");
            assertThat(answer.header("grpc-status")).isEqualTo("0");
            assertThat(answer.text()).isEqualTo("{\"id\":\"i1\",\"color\":\"COLOR_RED\"}");
            BackendCall call = backend.next();
            assertThat(call.awaitEnd()).isEqualTo(NAME);
            assertThat(call.path()).isEqualTo("/shop.Shop/GetItem");
            assertThat(call.header("content-type")).isEqualTo("application/grpc");
            assertThat(call.header("te")).isEqualTo("trailers");
            assertThat(call.header("x-envoy-original-path")).isEqualTo("/v1/shelves/s1/items/i1");
            assertThat(call.header("x-envoy-original-method")).isEqualTo("GET");
        }
    }

    @Test
    void printOptions() {
        assertThat(body("print_options: { add_whitespace: true }", "GET", "/v1/shelves/s1/items/i1", ""))
                .isEqualTo("{\n \"id\": \"i1\",\n \"color\": \"COLOR_RED\"\n}\n");
        assertThat(body(
                        "print_options: { always_print_primitive_fields: true, always_print_enums_as_ints: true,"
                                + " preserve_proto_field_names: true }",
                        "GET",
                        "/v1/shelves/s1/items/i1",
                        ""))
                .isEqualTo(
                        "{\"id\":\"i1\",\"name\":\"\",\"price_cents\":0,\"stock\":\"0\",\"color\":1,\"sold_out\":false,"
                                + "\"photo\":\"\",\"tags\":[],\"sizes\":{},\"weight\":0}");
    }

    @Test
    void formsOfStreams() {
        String one = "{\"id\":\"i1\",\"color\":\"COLOR_RED\"}";
        assertThat(body("", "GET", "/v1/shelves/s1/items", "")).isEqualTo("[" + one + "," + one + "]");
        assertThat(body("print_options: { stream_newline_delimited: true }", "GET", "/v1/shelves/s1/items", ""))
                .isEqualTo(one + "\n" + one + "\n");
        assertThat(body(
                        "print_options: { stream_newline_delimited: true, stream_sse_style_delimited: true }",
                        "GET",
                        "/v1/shelves/s1/items",
                        ""))
                .isEqualTo("data: " + one + "\n\ndata: " + one + "\n\n");
        assertThat(body("print_options: { stream_sse_style_delimited: true }", "GET", "/v1/shelves/s1/items", ""))
                .isEqualTo("data: " + one + "\n\ndata: " + one + "\n\n");
    }

    @Test
    void theRouteIsChosenByTheMethodUnlessTheFileSaysOtherwise() {
        String routes = """
                - match: { prefix: /v1/ }
                  route: { cluster: backend }
                  request_headers_to_add: [{ header: { key: x-route, value: rest } }]
                - match: { prefix: / }
                  route: { cluster: backend }
                  request_headers_to_add: [{ header: { key: x-route, value: grpc } }]
                """;
        for (boolean incoming : new boolean[] {true, false}) {
            try (ScriptedBackend backend = backend();
                    Subject.Running gateway = subject.start(file(backend, "match_incoming_request_route: " + incoming)
                            .with("ROUTES", routes))) {
                ask(gateway.port(), "GET", "/v1/shelves/s1/items/i1", "");

                assertThat(backend.next().header("x-route")).isEqualTo(incoming ? "rest" : "grpc");
            }
        }
    }

    @Test
    void parametersThatAreNoFields() {
        String path = "/v1/shelves/s1/items/i1?nobody=1";
        assertThat(sent("ignored_query_parameters: [nobody]", "GET", path, "")).isEqualTo(NAME);
        assertThat(sent("ignore_unknown_query_parameters: true", "GET", path, ""))
                .isEqualTo(NAME);
        assertThat(sent("", "GET", path, "")).isEmpty();
        assertThat(body("request_validation_options: { reject_unknown_query_parameters: true }", "GET", path, ""))
                .isEqualTo("Could not find field \"nobody\" in the type \"shop.ItemName\".");
    }

    /** HttpBody: content_type 1, data 2, extensions 3, with the parameter a = 1. */
    @Test
    void parametersThatAreNoFieldsInBytesOfAnyKind() {
        byte[] sent =
                sent("capture_unknown_query_parameters: true", "POST", "/v1/raw?a=1", "x", "content-type", "text/csv");

        assertThat(new String(sent, UTF_8)).contains("text/csv", "UnknownQueryParams");
        assertThat(sent).startsWith(Frames.hex("00 00000079 0a08 746578742f637376 1201 78 1a6a"));
        assertThat(sent).endsWith(Frames.hex("12 0a 0a08 0a0161 1203 0a0131"));
    }

    @Test
    void methodsWithoutARule() {
        assertThat(sent("auto_mapping: true", "POST", "/shop.Shop/Echo", "{\"id\":\"a\"}"))
                .isEqualTo(Frames.F3);
        assertThat(sent("", "POST", "/shop.Shop/Echo", "{}")).isEqualTo("{}".getBytes(UTF_8));
    }

    @Test
    void theStatusOfACallAsItsBody() {
        String path = "/v1/deep/a/1";
        assertThat(body("convert_grpc_status: true", "GET", path, ""))
                .isEqualTo("{\"code\":5,\"message\":\"no such item\"}");
        assertThat(body("", "GET", path, "")).isEmpty();
        assertThat(status("", path)).isEqualTo(404);
    }

    /** Field full_name, 3. */
    @Test
    void escapesInPathsAndQueries() {
        String path = "/v1/things/a%2Fb%3Ac";
        assertThat(new String(sent("", "GET", path, ""), UTF_8)).endsWith("things/a%2Fb%3Ac");
        assertThat(new String(sent("url_unescape_spec: ALL_CHARACTERS_EXCEPT_SLASH", "GET", path, ""), UTF_8))
                .endsWith("things/a%2Fb:c");
        assertThat(new String(sent("url_unescape_spec: ALL_CHARACTERS", "GET", path, ""), UTF_8))
                .endsWith("things/a/b:c");
        assertThat(new String(sent("query_param_unescape_plus: true", "GET", "/v1/things/a?item=x+y", ""), UTF_8))
                .contains("x y");
    }

    @Test
    void verbsThatNoRuleHas() {
        String path = "/v1/shelves/s1/items/i1:other";
        assertThat(new String(sent("", "GET", path, ""), UTF_8)).endsWith("i1:other");
        assertThat(sent("match_unregistered_custom_verb: true", "GET", path, ""))
                .isEmpty();
    }

    @Test
    void whatIsRefused() {
        assertThat(body("request_validation_options: { reject_unknown_method: true }", "GET", "/other", ""))
                .isEqualTo("Could not resolve /other to a method.");
        assertThat(body(
                        "request_validation_options: { reject_binding_body_field_collisions: true }",
                        "PUT",
                        "/v1/items/a",
                        "{\"id\":\"b\"}"))
                .isEqualTo("The binding value \"a\" of the field id is conflicting with the value \"b\" in the body.");
        assertThat(sent("", "PUT", "/v1/items/b", "{\"id\":\"a\"}")).isEqualTo(Frames.F3);
    }

    /** Field price_cents, 3. */
    @Test
    void theBodyGoesBeforePathAndQueryUnlessItWritesNamesInCamelCase() {
        assertThat(sent("", "PUT", "/v1/items/a?price_cents=5", "{\"price_cents\":7}"))
                .isEqualTo(Frames.hex("00 00000005 0a0161 1807"));
        assertThat(sent("", "PUT", "/v1/items/a?price_cents=5", "{\"priceCents\":7}"))
                .isEqualTo(Frames.hex("00 00000005 0a0161 1805"));
        assertThat(sent("", "PUT", "/v1/items/a?price_cents=many", "{\"price_cents\":7}"))
                .isEqualTo(Frames.hex("00 00000005 0a0161 1807"));
        assertThat(sent("", "PUT", "/v1/items/a?price_cents=5", "{\"price_cents\":null}"))
                .isEqualTo(Frames.hex("00 00000005 0a0161 1805"));
        assertThat(sent("", "PUT", "/v1/items/a?parent.price_cents=5", "{\"parent\":{\"price_cents\":7}}"))
                .isEqualTo(Frames.hex("00 00000007 0a0161 4a021807"));
        assertThat(sent("", "PUT", "/v1/items/a?parent.price_cents=5", "{\"parent\":{\"id\":\"b\"}}"))
                .isEqualTo(Frames.hex("00 0000000a 0a0161 4a050a01621805"));
    }

    /** No part of the response has left, so that Envoy says that none has come. */
    @Test
    void aBackendThatResetsItsStreamWhileTheResponseIsHeld() {
        try (ScriptedBackend backend = new ScriptedBackend().on("/shop.Shop/GetItem", call -> {
                    call.awaitEnd();
                    call.head().data(ITEM).reset(2);
                });
                Subject.Running gateway = subject.start(file(backend, ""))) {
            Answer answer = ask(gateway.port(), "GET", "/v1/shelves/s1/items/i1", "");

            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.text())
                    .isEqualTo("upstream connect error or disconnect/reset before headers. reset reason: remote reset");
        }
    }

    @Test
    void bytesOfNoKindKeepTheTypeOfJson() {
        try (ScriptedBackend backend = new ScriptedBackend()
                        .on("/shop.Shop/Download", TranscoderFieldsTest::nothing)
                        .on("/shop.Shop/DownloadAll", TranscoderFieldsTest::nothing);
                Subject.Running gateway = subject.start(file(backend, ""))) {
            for (String path : new String[] {"/v1/files/f1", "/v1/allfiles/f1"}) {
                Answer answer = ask(gateway.port(), "GET", path, "");

                assertThat(answer.header("content-type")).isEqualTo("application/json");
                assertThat(answer.text()).isEmpty();
            }
        }
    }

    @Test
    void collisionsAreOfTheValuesAsTheyAreWritten() {
        String strict = "request_validation_options: { reject_binding_body_field_collisions: true }";
        String conflict = " is conflicting with the value ";
        assertThat(body(strict, "PUT", "/v1/items/a?stock=5", "{\"stock\":\"6\"}"))
                .isEqualTo("The binding value \"5\" of the field stock" + conflict + "\"6\" in the body.");
        assertThat(body(strict, "PUT", "/v1/items/a?color=COLOR_RED", "{\"color\":1}"))
                .isEqualTo("Failed to convert binding value color:\"COLOR_RED\" to uint64");
        assertThat(body(strict, "PUT", "/v1/items/a?weight=1", "{\"weight\":1.5e300}"))
                .isEqualTo("The binding value \"1\" of the field weight" + conflict + "1.5e+300 in the body.");
        assertThat(body(strict, "PUT", "/v1/items/a?parent.id=b", "{\"parent\":{\"id\":\"c\"}}"))
                .isEqualTo("The binding value \"b\" of the field id" + conflict + "\"c\" in the body.");
        assertThat(body(strict, "PUT", "/v1/items/a?name=b&name=c", "{\"name\":\"c\"}"))
                .isEqualTo("The binding value \"b\" of the field name" + conflict + "\"c\" in the body.");
        assertThat(body(strict, "PUT", "/v1/items/a?price_cents=05", "{\"price_cents\":5}"))
                .isEqualTo("{\"id\":\"i1\",\"color\":\"COLOR_RED\"}");
    }

    @Test
    void namesOfParametersAreTakenApartBeforeTheyAreUnescaped() {
        String ignored = "ignored_query_parameters: [nobody]";
        assertThat(sent("", "GET", "/v1/shelves/x/items/i1?%73helf=s1", "")).isEqualTo(NAME);
        assertThat(sent(ignored, "GET", "/v1/shelves/s1/items/i1?nob%6fdy=1", ""))
                .isEmpty();
        assertThat(sent("", "PUT", "/v1/items/a?parent%2Eid=b", "{}")).isEqualTo("{}".getBytes(UTF_8));
    }

    @Test
    void whatAParameterCannotBe() {
        assertThat(body("", "GET", "/v1/shelves/%FF/items/i1", "")).isEqualTo("'%FF' is not in UTF-8");
        assertThat(status("ignore_unknown_query_parameters: true", "/v1/shelves/s1/items/i1?nobody=%FF"))
                .isEqualTo(200);
        assertThat(body(
                        "request_validation_options: { reject_unknown_query_parameters: true }",
                        "GET",
                        "/v1/shelves/s1/items?like.sizes.x=1",
                        ""))
                .isEqualTo("Could not find field \"x\" in the type \"shop.Item.SizesEntry\".");
    }

    /** Field color, 5. */
    @Test
    void enumsInSmallLetters() {
        assertThat(sent("case_insensitive_enum_parsing: true", "PUT", "/v1/items/a", "{\"color\":\"color_red\"}"))
                .isEqualTo(Frames.hex("00 00000005 0a0161 2801"));
        assertThat(body("", "PUT", "/v1/items/a", "{\"color\":\"color_red\"}"))
                .isEqualTo("color: invalid value \"color_red\" for type type.googleapis.com/shop.Color");
    }

    @Test
    void whatIsTooLong() {
        try (ScriptedBackend backend = backend();
                Subject.Running gateway =
                        subject.start(file(backend, "max_request_body_size: 10, max_response_body_size: 5"))) {
            assertThat(ask(gateway.port(), "PUT", "/v1/items/a", "{\"id\":\"12\"}")
                            .status())
                    .isEqualTo(413);
            Answer answer = ask(gateway.port(), "PUT", "/v1/items/a", "{}");
            assertThat(answer.status()).isEqualTo(500);
            assertThat(answer.text())
                    .isEqualTo("Response not transcoded because the transcoder's internal buffer size exceeds the"
                            + " configured limit.");
            Answer stream = ask(gateway.port(), "GET", "/v1/shelves/s1/items", "");
            assertThat(stream.status()).isEqualTo(200);
            assertThat(stream.end()).isEqualTo(new Answer.End.Reset(2));
        }
    }
}
