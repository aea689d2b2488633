package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.Browser;
import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.Http1Backend;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.Subject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What an Envoy file makes of answers of the gateway's own, those to requests that are refused at once among them. */
@ParameterizedClass
@MethodSource("io.grpcweb.gateway.testing.Subject#all")
record LocalReplyFieldsTest(Subject subject) {
    private static final String MAPPERS = """
            local_reply_config:
              mappers:
              - filter: { status_code_filter: { comparison: { op: EQ, value: { default_value: %d, runtime_key: k } } } }
                status_code: 418
                body: { inline_string: "sorry" }
                body_format_override: { text_format_source: { inline_string: "%%RESPONSE_CODE%% %%LOCAL_REPLY_BODY%%" } }
                headers_to_add: [ { header: { key: x-mapped, value: "yes" } } ]
              body_format: { json_format: { was: "%%LOCAL_REPLY_BODY%%" }, content_type: application/problem }
            """;

    /** The answer to these bytes where answers with this status are mapped. */
    private Answer answer(int mapped, String bytes) {
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = subject.start(
                        new EnvoyFile(backend.port()).http1().with("MANAGER", MAPPERS.formatted(mapped)));
                Http1Browser browser = new Http1Browser(gateway.port())) {
            browser.raw(bytes);
            return browser.next().readAll();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "400, GET / HTTP/1.1\\r\\n\\r\\n",
        "400, GET / HTTP/1.1\\r\\nhost: a\\r\\nbad name: x\\r\\n\\r\\n",
        "431, GET / HTTP/1.1\\r\\nhost: a\\r\\nx: LONG\\r\\n\\r\\n"
    })
    void aRequestThatIsNoneIsAnsweredAsTheFileSays(int status, String bytes) {
        String sent = bytes.replace("\\r\\n", "\r\n").replace("LONG", "x".repeat(70_000));
        Answer answer = answer(status, sent);
        assertThat(answer.status()).isEqualTo(418);
        assertThat(answer.text()).isEqualTo("418 sorry");
        assertThat(answer.header("x-mapped")).isEqualTo("yes");
    }

    @Test
    void whatNoMapperFitsHasTheCommonForm() {
        Answer answer = answer(499, "GET / HTTP/1.1\r\n\r\n");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.header("content-type")).isEqualTo("application/problem");
        assertThat(answer.text()).isEqualTo("{\"was\":\"\"}\n");
    }

    @Test
    void aRedirectIsAnAnswerOfItsOwnToo() {
        String route = "- match: { prefix: / }\n  redirect: { host_redirect: new.test, response_code: FOUND }";
        try (Subject.Running gateway = subject.start(
                        new EnvoyFile(1).with("MANAGER", MAPPERS.formatted(499)).with("ROUTES", route));
                Browser browser = Browser.connect(2, gateway.port())) {
            Answer page = Http1Browser.once(gateway.port(), "GET", "/a");
            assertThat(page.status()).isEqualTo(302);
            assertThat(page.header("location")).isEqualTo("http://new.test/a");
            assertThat(page.header("content-type")).isEqualTo("application/problem");
            assertThat(page.text()).isEqualTo("{\"was\":\"\"}\n");

            Answer call = browser.post("/a.B/C", Frames.F3, "content-type", "application/grpc", "te", "trailers");
            assertThat(call.status()).isEqualTo(200);
            assertThat(call.header("grpc-status")).isEqualTo("2");
            assertThat(call.header("location")).isEqualTo("http://new.test/a.B/C");
        }
    }
}
