package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.Http1Backend;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Subject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What an Envoy file says of the filter header_mutation. */
@ParameterizedClass
@MethodSource("io.grpcweb.gateway.testing.Subject#all")
record HeaderMutationFieldsTest(Subject subject) {
    private static final String TYPE = "type.googleapis.com/envoy.extensions.filters.http.header_mutation.v3.";

    private static String filter(String mutations) {
        return """
                - name: change
                  typed_config:
                    "@type": %sHeaderMutation
                    %s
                """.formatted(TYPE, mutations.strip().replace("\n", "\n    "));
    }

    private static String perRoute(String mutations) {
        return "typed_per_filter_config: { change: { \"@type\": %sHeaderMutationPerRoute, mutations: %s } }\n"
                .formatted(TYPE, mutations);
    }

    private static String who(String value) {
        return "{ request_mutations: [ { append: { header: { key: x-who, value: %s } } } ] }".formatted(value);
    }

    @Test
    void aRequestIsChangedInTheOrderOfTheList() {
        String mutations = """
                mutations:
                  request_mutations:
                  - append: { header: { key: x-set, value: new }, append_action: OVERWRITE_IF_EXISTS_OR_ADD }
                  - append: { header: { key: X-Add, value: "%REQ(x-in)%-%PROTOCOL%" } }
                  - append: { header: { key: x-absent, value: new }, append_action: ADD_IF_ABSENT }
                  - append: { header: { key: x-over, value: new }, append_action: OVERWRITE_IF_EXISTS }
                  - append: { header: { key: x-nothing, value: "%REQ(x-none)%" } }
                  - append: { header: { key: x-empty, value: "" }, keep_empty_value: true }
                  - remove: X-Secret
                  - append: { header: { key: x-secret, value: ours } }
                  - append: { header: { key: x-gone, value: a } }
                  - remove: x-gone
                  - remove_on_match: { key_matcher: { prefix: x-inner- } }
                """;
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway =
                        subject.start(new EnvoyFile(backend.port()).http1().with("FILTERS", filter(mutations)))) {
            Http1Browser.once(
                    gateway.port(),
                    "GET",
                    "/",
                    "x-set",
                    "old",
                    "x-in",
                    "in",
                    "x-add",
                    "old",
                    "x-absent",
                    "old",
                    "x-secret",
                    "theirs",
                    "x-inner-a",
                    "1",
                    "x-inner-b",
                    "2");
            Http1Backend.Request request = backend.next();
            assertThat(request.field("x-set")).isEqualTo("new");
            assertThat(request.head().lines()).contains("x-add: old", "x-add: in-HTTP/1.1");
            assertThat(request.field("x-absent")).isEqualTo("old");
            assertThat(request.field("x-over")).isNull();
            assertThat(request.field("x-nothing")).isNull();
            assertThat(request.field("x-empty")).isEmpty();
            assertThat(request.field("x-secret")).isEqualTo("ours");
            assertThat(request.field("x-gone")).isNull();
            assertThat(request.field("x-inner-a")).isNull();
            assertThat(request.field("x-inner-b")).isNull();
        }
    }

    @Test
    void aResponseIsChangedAndSoIsALocalReply() {
        String mutations = """
                mutations:
                  response_mutations:
                  - append: { header: { key: x-answer, value: "%RESPONSE_CODE%" } }
                  - remove: x-inner
                """;
        try (Http1Backend backend = new Http1Backend(
                        request -> "HTTP/1.1 200 OK\r\nx-inner: 1\r\nx-other: 2\r\ncontent-length: 0\r\n\r\n");
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                        .http1()
                        .with("FILTERS", filter(mutations))
                        .with("ROUTES", "- match: { prefix: /here }\n  route: { cluster: backend }\n"))) {
            Answer answer = Http1Browser.once(gateway.port(), "GET", "/here");
            assertThat(answer.header("x-answer")).isEqualTo("200");
            assertThat(answer.header("x-inner")).isNull();
            assertThat(answer.header("x-other")).isEqualTo("2");
            assertThat(Http1Browser.once(gateway.port(), "GET", "/none").header("x-answer"))
                    .isEqualTo("404");
        }
    }

    @Test
    void trailersAreChanged() {
        String mutations = """
                mutations:
                  request_trailers_mutations: [ { append: { header: { key: x-early, value: "yes" } } } ]
                  response_trailers_mutations: [ { append: { header: { key: x-late, value: "yes" } } }, { remove: x-inner } ]
                """;
        try (ScriptedBackend backend = new ScriptedBackend().on("/wire.Service/Call", seen -> {
                    seen.awaitEnd();
                    seen.head()
                            .data(Frames.F3)
                            .trailers(
                                    "grpc-status",
                                    "0",
                                    "x-inner",
                                    "1",
                                    "x-seen",
                                    String.valueOf(seen.exchange().trailers()));
                });
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                        .with("MANAGER", "http_protocol_options: { enable_trailers: true }")
                        .with("FILTERS", filter(mutations)));
                Http1Browser browser = new Http1Browser(gateway.port())) {
            browser.raw(String.join(
                    "\r\n",
                    "POST /wire.Service/Call HTTP/1.1",
                    "host: a",
                    "content-type: application/grpc",
                    "te: trailers",
                    "transfer-encoding: chunked",
                    "",
                    "0",
                    "x-t: 1",
                    "",
                    ""));
            Answer answer = browser.next().readAll();
            assertThat(answer.trailer("x-late")).isEqualTo("yes");
            assertThat(answer.trailer("x-inner")).isNull();
            assertThat(answer.trailer("x-seen")).contains("x-early: yes");
        }
    }

    @Test
    void thePlacesOfARouteAddTheirOwnChanges() {
        for (boolean mostSpecificWins : new boolean[] {false, true}) {
            String mutations =
                    "most_specific_header_mutations_wins: %s\nmutations: %s".formatted(mostSpecificWins, who("filter"));
            String routes = "- match: { prefix: /route }\n  route: { cluster: backend }\n  " + perRoute(who("route"))
                    + "- match: { prefix: /off }\n  route: { cluster: backend }\n"
                    + "  typed_per_filter_config: { change: { \"@type\":"
                    + " type.googleapis.com/envoy.config.route.v3.FilterConfig, disabled: true } }\n"
                    + "- match: { prefix: / }\n  route: { cluster: backend }\n";
            try (Http1Backend backend = new Http1Backend();
                    Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                            .http1()
                            .with("FILTERS", filter(mutations))
                            .with("TABLE", perRoute(who("table")))
                            .with("HOST", perRoute(who("host")))
                            .with("ROUTES", routes))) {
                assertThat(seen(gateway, backend, "/route"))
                        .isEqualTo(mostSpecificWins ? "filter table host route" : "filter route host table");
                assertThat(seen(gateway, backend, "/"))
                        .isEqualTo(mostSpecificWins ? "filter table host" : "filter host table");
                assertThat(seen(gateway, backend, "/off")).isEmpty();
            }
        }
    }

    /** What the places said, in their order. */
    private static String seen(Subject.Running gateway, Http1Backend backend, String path) {
        Http1Browser.once(gateway.port(), "GET", path);
        return String.join(
                " ",
                backend.next()
                        .head()
                        .lines()
                        .filter(line -> line.startsWith("x-who: "))
                        .map(line -> line.substring("x-who: ".length()))
                        .toList());
    }

    @ParameterizedTest
    @CsvSource({
        "/x?b=1&a=1&c=1&d=1&a=2, /x?a=1&a=2&a=x%20y%26z&b=1&c=3",
        "/x, /x?a=x%20y%26z&b=2",
        "/x?e=%20&f, /x?a=x%20y%26z&b=2&e=%20&f"
    })
    void theQueryIsChangedInTheOrderOfTheList(String sent, String expected) {
        String mutations = """
                mutations:
                  query_parameter_mutations:
                  - append: { record: { key: a, value: "x y%REQ(x-in)%" } }
                  - append: { record: { key: b, value: "2" }, action: ADD_IF_ABSENT }
                  - append: { record: { key: c, value: "3" }, action: OVERWRITE_IF_EXISTS }
                  - append: { record: { key: gone, value: "4" }, action: OVERWRITE_IF_EXISTS_OR_ADD }
                  - { remove: gone }
                  - { remove: d }
                """;
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway =
                        subject.start(new EnvoyFile(backend.port()).http1().with("FILTERS", filter(mutations)))) {
            Http1Browser.once(gateway.port(), "GET", sent, "x-in", "&z");
            // Envoy decodes what it does not change: a blank ends its request line.
            String target = subject == Subject.ENVOY ? expected.replace("=%20&f", "=") : expected;
            assertThat(backend.next().path()).isEqualTo(target);
        }
    }
}
