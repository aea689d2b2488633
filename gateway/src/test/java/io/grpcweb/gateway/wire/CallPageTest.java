package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.runtime.RunningGateway;
import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.Setup;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever opens the path of a call in a browser is told what it is; nobody else sees the page. */
class CallPageTest {
    private static final String PATH = "/orders.v1.OrderService/GetOrder";
    private static final String HTML = "text/html,application/xhtml+xml,*/*;q=0.8";

    private RunningGateway gateway;

    @AfterEach
    void stop() {
        gateway.close();
    }

    private Answer get(String path, String... fields) {
        List<String> all = new ArrayList<>(List.of(fields));
        return Http1Browser.once(gateway.port(), "GET", path, all.toArray(String[]::new));
    }

    private void start(String route) {
        gateway = RunningGateway.of(Setup.own(route, "", "127.0.0.1:1"));
    }

    @Test
    void thePageSaysHowToCall() {
        start("cluster = backend");
        Answer answer = get(PATH + "?x=<script>", "accept", HTML, "sec-fetch-mode", "navigate");
        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.header("allow")).isEqualTo("POST");
        assertThat(answer.header("content-type")).isEqualTo("text/html; charset=utf-8");
        assertThat(answer.header("content-security-policy"))
                .startsWith("default-src 'none'; style-src 'sha256-")
                .doesNotContain("unsafe");
        assertThat(answer.header("cache-control")).isEqualTo("no-store");
        assertThat(answer.text())
                .contains(
                        "<code>" + PATH + "</code>",
                        "createClient(OrderService, transport).getOrder({})",
                        "orders.v1.OrderService/GetOrder</pre>",
                        "grpcurl -plaintext -d '{}' ",
                        "docs/errors.md#grpc_web_method",
                        "prefers-color-scheme:dark")
                .doesNotContain("script>");
    }

    @Test
    void aHostThatIsNoneIsNotWritten() {
        start("cluster = backend");
        Answer answer = get(PATH, "accept", HTML, "host", "a'$(id)");
        assertThat(answer.text()).contains("-d '{}' localhost:80 ").doesNotContain("$(id)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/one", "/a.B/C/d", "/a.B/", "/a.B/%3Cscript%3E", "/"})
    void otherPathsHaveNone(String path) {
        start("cluster = backend");
        Answer answer = get(path, "accept", HTML);
        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.text()).isEqualTo("gRPC-Web calls use POST");
    }

    @Test
    void otherCallersHaveNone() {
        start("cluster = backend");
        assertThat(get(PATH, "accept", "*/*").text()).isEqualTo("gRPC-Web calls use POST");
        assertThat(get(PATH, "accept", HTML, "sec-fetch-mode", "cors").text()).isEqualTo("gRPC-Web calls use POST");
    }

    @Test
    void whatTakesPagesGetsThem() {
        start("respond { status = 200, body = mine }");
        assertThat(get(PATH, "accept", HTML).text()).isEqualTo("mine");
    }
}
