package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.testing.Browser;
import io.grpcweb.gateway.testing.Certificates;
import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.Http1Backend;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.Http2Browser;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Subject;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an Envoy file says of the version of HTTP with backends, and with browsers. */
@ParameterizedClass
@MethodSource("io.grpcweb.gateway.testing.Subject#all")
record ProtocolFieldsTest(Subject subject) {
    private static final String PATH = "/wire.Service/Call";
    private static final int INITIAL_WINDOW_SIZE = 4;
    private static final String OPTIONS = """
            typed_extension_protocol_options:
              envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                %s: { http_protocol_options: {}, http2_protocol_options: { initial_stream_window_size: 70000 } }
            """;
    private static final String SELECTION = """
            protocol_selection: USE_DOWNSTREAM_PROTOCOL
            http_protocol_options: {}
            http2_protocol_options: { initial_stream_window_size: 70000 }
            """;
    private static final String TLS = """
            transport_socket:
              name: tls
              typed_config: { "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext }
            """;

    @TempDir
    private static Path folder;

    private static Certificates certificates;

    @BeforeAll
    static void make() throws Exception {
        certificates = new Certificates(folder);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theBackendIsSpokenToAsTheBrowserSpeaks(boolean old) {
        String options = old ? SELECTION : OPTIONS.formatted("use_downstream_protocol_config");
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port()).with("CLUSTER", options))) {
            assertThat(Http1Browser.once(gateway.port(), "GET", "/").text()).isEqualTo("ok");
        }
        try (ScriptedBackend backend = new ScriptedBackend().on(PATH, seen -> seen.trailersOnly("grpc-status", "0"));
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port()).with("CLUSTER", options));
                Browser browser = Browser.connect(2, gateway.port())) {
            assertThat(browser.post(PATH, Frames.F3, "content-type", "application/grpc", "te", "trailers")
                            .header("grpc-status"))
                    .isEqualTo("0");
            assertThat(backend.connections().get(0).peerSetting(INITIAL_WINDOW_SIZE))
                    .isEqualTo(70000);
        }
    }

    @Test
    void theBackendChoosesByAlpnWhereTheFileSaysSo() throws IOException {
        String options = OPTIONS.formatted("auto_config");
        try (Http1Backend backend =
                        new Http1Backend(certificates.listen("http/1.1", false), request -> Http1Backend.OK);
                Subject.Running gateway = subject.start(
                        new EnvoyFile(backend.port()).with("CLUSTER", options).with("CLUSTER", TLS))) {
            assertThat(Http1Browser.once(gateway.port(), "GET", "/").text()).isEqualTo("ok");
        }
        try (ScriptedBackend backend = new ScriptedBackend(certificates.listen("h2", false))
                        .on(PATH, seen -> seen.trailersOnly("grpc-status", "0"));
                Subject.Running gateway = subject.start(
                        new EnvoyFile(backend.port()).with("CLUSTER", options).with("CLUSTER", TLS));
                Browser browser = Browser.connect(1, gateway.port())) {
            assertThat(browser.post(PATH, Frames.F3, "content-type", "application/grpc-web+proto")
                            .header("grpc-status"))
                    .isEqualTo("0");
            assertThat(backend.connections().get(0).peerSetting(INITIAL_WINDOW_SIZE))
                    .isEqualTo(70000);
        }
    }

    /** Whether a browser of HTTP/1.1, and one of HTTP/2, is served. */
    private String served(String codec) {
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway =
                        subject.start(new EnvoyFile(backend.port()).http1().with("MANAGER", "codec_type: " + codec))) {
            String one = Http1Browser.once(gateway.port(), "GET", "/").status() == 200 ? "1" : "";
            try (Http2Browser browser = new Http2Browser(gateway.port())) {
                return one + (browser.post("/", new byte[0]).status() == 200 ? "2" : "");
            } catch (AssertionError | RuntimeException e) {
                return one;
            }
        } catch (AssertionError | RuntimeException e) {
            return "2";
        }
    }

    @Test
    void theBrowserSpeaksWhatTheFileSays() {
        assertThat(served("AUTO")).isEqualTo("12");
        assertThat(served("HTTP1")).isEqualTo("1");
        assertThat(served("HTTP2")).isEqualTo("2");
    }

    @Test
    void headsAreAsLargeAsTheFileSays() {
        for (int kilobytes : new int[] {8, 80}) {
            try (Http1Backend backend = new Http1Backend();
                    Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                            .http1()
                            .with("MANAGER", "max_request_headers_kb: " + kilobytes))) {
                assertThat(Http1Browser.once(gateway.port(), "GET", "/", "x", "y".repeat(20_000))
                                .status())
                        .isEqualTo(kilobytes == 8 ? 431 : 200);
            }
        }
    }
}
