package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Http1Backend;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.Subject;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What access logs say of HTTP/1.1 requests that are refused before they have a route; the lines are Envoy's. */
@ParameterizedClass
@MethodSource("io.grpcweb.gateway.testing.Subject#all")
record RefusedRequestLogTest(Subject subject) {
    @TempDir
    private static Path folder;

    private String lineOf(String settings, String request) throws Exception {
        Path file = Files.createTempFile(folder, "access", ".log");
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                        .http1()
                        .with(
                                "MANAGER",
                                settings
                                        + "access_log:\n"
                                        + EnvoyFile.fileLog(
                                                file, "%RESPONSE_CODE% %RESPONSE_FLAGS% %RESPONSE_CODE_DETAILS%")));
                Http1Browser browser = new Http1Browser(gateway.port())) {
            browser.raw(request.replace("\n", "\r\n"));
            browser.next().readAll();
            await().until(() -> !Files.readString(file).isEmpty());
            return Files.readString(file);
        }
    }

    @Test
    void theDetailsSayWhatIsWrong() throws Exception {
        String few = "common_http_protocol_options: { max_headers_count: 2 }\n";
        String strict = "common_http_protocol_options: { headers_with_underscores_action: REJECT_REQUEST }\n";
        assertThat(lineOf(few, "GET / HTTP/1.1\nhost: a\nx-a: 1\nx-b: 1\n\n"))
                .isEqualTo("431 DPE http1.too_many_headers\n");
        assertThat(lineOf("max_request_headers_kb: 1\n", "GET / HTTP/1.1\nhost: a\nx-a: " + "1".repeat(1100) + "\n\n"))
                .isEqualTo("431 DPE http1.headers_too_large\n");
        assertThat(lineOf(strict, "GET / HTTP/1.1\nhost: a\nx_a: 1\n\n"))
                .isEqualTo("400 DPE http1.unexpected_underscore\n");
        assertThat(lineOf("", "GET /\u00e9 HTTP/1.1\nhost: a\n\n")).isEqualTo("400 DPE http1.codec_error\n");
        assertThat(lineOf("", "GET /a#b HTTP/1.1\nhost: a\n\n")).isEqualTo("400 - path_normalization_failed\n");
    }
}
