package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpcweb.gateway.testing.Browser;
import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Subject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What an Envoy file says of the filter grpc_stats beyond the methods that are counted. */
@ParameterizedClass
@MethodSource("io.grpcweb.gateway.testing.Subject#all")
record GrpcStatsFieldsTest(Subject subject) {
    private static final String PATH = "/wire.Service/Call";
    private static final String LOG =
            "%FILTER_STATE(envoy.filters.http.grpc_stats)%" + " %FILTER_STATE(envoy.filters.http.grpc_stats:PLAIN)%";

    private static String filter(String settings) {
        return "- name: stats\n  typed_config: { \"@type\": type.googleapis.com/"
                + "envoy.extensions.filters.http.grpc_stats.v3.FilterConfig, stats_for_all_methods: true, " + settings
                + " }\n";
    }

    /** The counters after a call in this form, and the line that it leaves in the access log. */
    private record Seen(String stats, String line) {}

    private Seen call(String place, String settings, Path folder, String... form) throws IOException {
        Path log = folder.resolve("log");
        Files.deleteIfExists(log);
        try (ScriptedBackend backend = new ScriptedBackend().on(PATH, seen -> {
                    seen.awaitEnd();
                    seen.head().data(Frames.F3, Frames.F4).trailers("grpc-status", "0");
                });
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                        .with("MANAGER", "access_log:\n" + EnvoyFile.fileLog(log, LOG))
                        .with(place, filter(settings)));
                Browser browser = Browser.connect(2, gateway.port())) {
            browser.post(PATH, Frames.F3, form);
            await().until(() -> Files.exists(log) && Files.size(log) > 0);
            return new Seen(gateway.page("/stats"), Files.readString(log).strip());
        }
    }

    @Test
    void theNumbersOfMessagesGoToTheAccessLog(@TempDir Path folder) throws IOException {
        Seen on = call("BEHIND", "emit_filter_state: true", folder, "content-type", "application/grpc-web+proto");
        assertThat(on.line()).isEqualTo("{\"requestMessageCount\":\"1\",\"responseMessageCount\":\"2\"} 1,2");
        Seen off = call("BEHIND", "emit_filter_state: false", folder, "content-type", "application/grpc-web+proto");
        assertThat(off.line()).isEqualTo("- -");
    }

    @Test
    void aCallOfGrpcWebIsNoneBeforeItIsTranslated(@TempDir Path folder) throws IOException {
        Seen seen = call("FILTERS", "emit_filter_state: true", folder, "content-type", "application/grpc-web+proto");
        assertThat(seen.line()).isEqualTo("- -");
        assertThat(seen.stats()).doesNotContain("cluster.backend.grpc.wire");
    }

    @Test
    void aPathThatIsNoMethodIsNotCounted() {
        String[] form = {"content-type", "application/grpc", "te", "trailers"};
        try (ScriptedBackend backend = new ScriptedBackend();
                Subject.Running gateway = subject.start(
                        new EnvoyFile(backend.port()).with("FILTERS", filter("emit_filter_state: false")));
                Browser browser = Browser.connect(2, gateway.port())) {
            browser.post("/a/b/c", Frames.F3, form);
            browser.post("/a", Frames.F3, form);
            assertThat(gateway.page("/stats")).doesNotContain("cluster.backend.grpc.");
            browser.post("/a.B/c?d=/", Frames.F3, form);
            await().until(() -> gateway.page("/stats").contains("cluster.backend.grpc."));
        }
    }

    @Test
    void theTimeOfBackendsIsKeptAndNamesMayBeWithoutDots(@TempDir Path folder) throws IOException {
        String[] form = {"content-type", "application/grpc", "te", "trailers"};
        String on = call(
                        "FILTERS", "enable_upstream_stats: true, replace_dots_in_grpc_service_name: true", folder, form)
                .stats();
        assertThat(on)
                .contains(
                        "cluster.backend.grpc.wire_Service.Call.0: 1\n",
                        "cluster.backend.grpc.wire_Service.Call.response_message_count: 2\n",
                        "cluster.backend.grpc.wire_Service.Call.upstream_rq_time: ");
        String off =
                call("FILTERS", "enable_upstream_stats: false", folder, form).stats();
        assertThat(off)
                .contains("cluster.backend.grpc.wire.Service.Call.0: 1\n")
                .doesNotContain("Call.upstream_rq_time");
    }
}
