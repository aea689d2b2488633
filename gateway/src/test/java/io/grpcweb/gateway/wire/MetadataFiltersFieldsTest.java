package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Http1Backend;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.Subject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What an Envoy file says of the filters header_to_metadata, set_metadata and set_filter_state, and of matchers of what they set.
 * A last filter writes it into fields that the backend sees.
 */
@ParameterizedClass
@MethodSource("io.grpcweb.gateway.testing.Subject#all")
record MetadataFiltersFieldsTest(Subject subject) {
    private static final String HTTP = "type.googleapis.com/envoy.extensions.filters.http.";

    private static String filter(String name, String type, String settings) {
        return "- name: " + name + "\n  typed_config: { \"@type\": " + HTTP + type + ", " + settings + " }\n";
    }

    /** Fields with these operators. */
    private static String shown(String... namesAndOperators) {
        StringBuilder changes = new StringBuilder();
        for (int i = 0; i < namesAndOperators.length; i += 2) {
            changes.append("{ append: { header: { key: ")
                    .append(namesAndOperators[i])
                    .append(", value: \"")
                    .append(namesAndOperators[i + 1])
                    .append("\" } } }, ");
        }
        return filter(
                "shown", "header_mutation.v3.HeaderMutation", "mutations: { request_mutations: [ " + changes + " ] }");
    }

    private Subject.Running start(Http1Backend backend, String filters) {
        return subject.start(new EnvoyFile(backend.port()).http1().with("FILTERS", filters));
    }

    private static String rules(String rules) {
        return filter("h2m", "header_to_metadata.v3.Config", "request_rules: [ " + rules + " ]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ header: X-A, on_header_present: { metadata_namespace: own, key: a } } | 1 | 1",
                "{ header: x-a, on_header_present: { metadata_namespace: own, key: a, value: fixed } } | 1 | fixed",
                "{ header: x-a, on_header_present: { metadata_namespace: own, key: a, type: NUMBER } } | 12.50 | 12.5",
                "{ header: x-a, on_header_present: { metadata_namespace: own, key: a, type: NUMBER } } | many |",
                "{ header: x-a, on_header_present: { metadata_namespace: own, key: a, encode: BASE64 } } | aGVsbG8= | hello",
                "{ header: x-a, on_header_present: { metadata_namespace: own, key: a, encode: BASE64 } } | !! |",
                "{ header: x-a, on_header_present: { metadata_namespace: own, key: a, regex_value_rewrite: { pattern: {"
                        + " regex: \"a+\" }, substitution: \"<\\\\0>\" } } } | baab | b<aa>b",
                "{ header: x-none, on_header_missing: { metadata_namespace: own, key: a, value: none } } | 1 | none",
                "{ header: x-a, on_header_missing: { metadata_namespace: own, key: a, value: none } } | 1 |",
                "{ cookie: sid, on_header_present: { metadata_namespace: own, key: a } } | 1 | s1",
                "{ cookie: other, on_header_missing: { metadata_namespace: own, key: a, value: anon } } | 1 | anon"
            })
    void aFieldBecomesMetadata(String rule, String sent, String expected) {
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = start(backend, rules(rule) + shown("x-shown", "%DYNAMIC_METADATA(own:a)%"))) {
            Http1Browser.once(gateway.port(), "GET", "/", "x-a", sent, "cookie", "a=b; sid=s1");
            Http1Backend.Request request = backend.next();
            assertThat(request.field("x-shown")).isEqualTo(expected);
            assertThat(request.field("x-a")).isEqualTo(sent);
        }
    }

    @Test
    void aFieldIsRemovedAndItsNamespaceMayBeLeftOut() {
        String rule = "{ header: x-a, on_header_present: { key: a }, remove: true }";
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = start(
                        backend,
                        rules(rule)
                                + shown("x-shown", "%DYNAMIC_METADATA(envoy.filters.http.header_to_metadata:a)%"))) {
            Http1Browser.once(gateway.port(), "GET", "/", "x-a", "1", "x-a", "2");
            Http1Backend.Request request = backend.next();
            assertThat(request.field("x-shown")).isEqualTo("1,2");
            assertThat(request.field("x-a")).isNull();
        }
    }

    @Test
    void aFieldOfTheResponseBecomesMetadata() {
        String shown = filter(
                "shown",
                "header_mutation.v3.HeaderMutation",
                "mutations: { response_mutations: [ { append: { header: { key: x-shown, value:"
                        + " \"%DYNAMIC_METADATA(own)%\" } } } ] }");
        String rules = filter(
                "h2m",
                "header_to_metadata.v3.Config",
                "response_rules: [ { header: x-cost, on_header_present: { metadata_namespace: own, key: cost }, remove: true"
                        + " } ]");
        try (Http1Backend backend =
                        new Http1Backend(request -> "HTTP/1.1 200 OK\r\nx-cost: 7\r\ncontent-length: 0\r\n\r\n");
                Subject.Running gateway = start(backend, shown + rules)) {
            var answer = Http1Browser.once(gateway.port(), "GET", "/");
            assertThat(answer.header("x-shown")).isEqualTo("{\"cost\":\"7\"}");
            assertThat(answer.header("x-cost")).isNull();
        }
    }

    @Test
    void fixedMetadataIsSetOnceOrMerged() {
        String set = filter(
                "set",
                "set_metadata.v3.Config",
                "metadata_namespace: old, value: { l: [ 1 ], m: { a: 1 }, s: x }, metadata: [ { metadata_namespace: own,"
                        + " value: { a: 1, l: [ 1, 2.5, 1e3 ] } }, { metadata_namespace: own, value: { never: 1 } }, {"
                        + " metadata_namespace: own, allow_overwrite: true, value: { l: [ 2 ], t: true } } ]");
        String again = filter(
                "again",
                "set_metadata.v3.Config",
                "metadata_namespace: old, value: { l: [ 2 ], m: { b: 2 }, s: { y: 1 } }");
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = start(
                        backend,
                        set + again + shown("x-own", "%DYNAMIC_METADATA(own)%", "x-old", "%DYNAMIC_METADATA(old)%"))) {
            Http1Browser.once(gateway.port(), "GET", "/");
            Http1Backend.Request request = backend.next();
            assertThat(request.field("x-own")).isEqualTo("{\"a\":1,\"l\":[1,\"2.5\",\"1e3\",2],\"t\":true}");
            assertThat(request.field("x-old")).isEqualTo("{\"l\":[1,2],\"m\":{\"a\":1,\"b\":2},\"s\":{\"y\":1}}");
            assertThat(gateway.page("/stats?filter=set_metadata"))
                    .contains("http.edge.set_metadata.overwrite_denied: 1");
        }
    }

    @Test
    void textsAreKeptByName() {
        String text = "factory_key: envoy.string, format_string: { text_format_source: { inline_string: \"%s\" } }";
        String set = filter(
                "state",
                "set_filter_state.v3.Config",
                "on_request_headers: [ { object_key: who, " + text.formatted("%REQ(x-user)%!")
                        + " }, { object_key: ro, read_only: true, " + text.formatted("one")
                        + " }, { object_key: empty, "
                        + "skip_if_empty: true, factory_key: envoy.string, format_string: { omit_empty_values: true,"
                        + " text_format_source: { inline_string: \"%REQ(x-none)%\" } } }, { object_key: empty,"
                        + " skip_if_empty: true, " + text.formatted("second") + " } ]");
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = start(
                        backend,
                        set
                                + shown(
                                        "x-plain", "%FILTER_STATE(who:PLAIN)%",
                                        "x-typed", "%FILTER_STATE(who)%",
                                        "x-short", "%FILTER_STATE(who:PLAIN):2%",
                                        "x-ro", "%FILTER_STATE(ro:TYPED)%",
                                        "x-empty", "%FILTER_STATE(empty:PLAIN)%",
                                        "x-field", "%FILTER_STATE(who:FIELD:name)%",
                                        "x-none", "%FILTER_STATE(none)%"))) {
            Http1Browser.once(gateway.port(), "GET", "/", "x-user", "ann");
            Http1Backend.Request request = backend.next();
            assertThat(request.field("x-plain")).isEqualTo("ann!");
            assertThat(request.field("x-typed")).isEqualTo("\"ann!\"");
            assertThat(request.field("x-short")).isEqualTo("an");
            assertThat(request.field("x-ro")).isEqualTo("\"one\"");
            assertThat(request.field("x-empty")).isEqualTo("second");
            assertThat(request.field("x-none")).isNull();
        }
    }

    /** Whether a call passes rbac with a principal that looks at {@code own: { t: text, num: 5, flag: true, l: [ a, 7 ] }}. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[ { key: t } ], value: { string_match: { exact: text } } | 200",
                "[ { key: t } ], value: { string_match: { exact: other } } | 403",
                "[ { key: t } ], value: { string_match: { exact: other } }, invert: true | 200",
                "[ { key: num } ], value: { double_match: { exact: 5 } } | 200",
                "[ { key: num } ], value: { double_match: { range: { start: 5, end: 6 } } } | 200",
                "[ { key: num } ], value: { double_match: { range: { start: 4, end: 5 } } } | 403",
                "[ { key: num } ], value: { string_match: { exact: \"5\" } } | 403",
                "[ { key: flag } ], value: { bool_match: true } | 200",
                "[ { key: flag } ], value: { bool_match: false } | 403",
                "[ { key: flag } ], value: { present_match: true } | 200",
                "[ { key: flag } ], value: { present_match: false } | 403",
                "[ { key: none } ], value: { present_match: true } | 403",
                "[ { key: none } ], value: { null_match: {} } | 403",
                "[ { key: m }, { key: k } ], value: { string_match: { prefix: v } } | 200",
                "[ { key: t }, { key: k } ], value: { string_match: { prefix: v } } | 403",
                "[ { key: l } ], value: { list_match: { one_of: { double_match: { exact: 7 } } } } | 200",
                "[ { key: l } ], value: { list_match: { one_of: { string_match: { exact: b } } } } | 403",
                "[ { key: t } ], value: { or_match: { value_matchers: [ { bool_match: true }, { string_match: { exact: text }"
                        + " } ] } } | 200"
            })
    void aPrincipalLooksAtMetadata(String path, int status) {
        String set = filter(
                "set",
                "set_metadata.v3.Config",
                "metadata: [ { metadata_namespace: own, value: { t: text, num: 5, flag: true, l: [ a, 7 ], m: { k: v } } } ]");
        String guard = filter(
                "guard",
                "rbac.v3.RBAC",
                "rules: { policies: { one: { permissions: [ { any: true } ], principals: [ { metadata: { filter: own, path: "
                        + path + " } } ] } } }");
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = start(backend, set + guard)) {
            assertThat(Http1Browser.once(gateway.port(), "GET", "/").status()).isEqualTo(status);
        }
    }

    @Test
    void aPrincipalLooksAtFilterState() {
        String set = filter(
                "state",
                "set_filter_state.v3.Config",
                "on_request_headers: [ { object_key: who, factory_key: envoy.string, format_string: { text_format_source: {"
                        + " inline_string: \"%REQ(x-user)%\" } } } ]");
        String guard = filter(
                "guard",
                "rbac.v3.RBAC",
                "rules: { policies: { one: { permissions: [ { any: true } ], principals: [ { filter_state: { key: who,"
                        + " string_match: { exact: ann } } } ] } } }");
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = start(backend, set + guard)) {
            assertThat(Http1Browser.once(gateway.port(), "GET", "/", "x-user", "ann")
                            .status())
                    .isEqualTo(200);
            assertThat(Http1Browser.once(gateway.port(), "GET", "/", "x-user", "bob")
                            .status())
                    .isEqualTo(403);
        }
    }
}
