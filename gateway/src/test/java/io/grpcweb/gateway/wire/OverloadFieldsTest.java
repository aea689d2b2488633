package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.BackendCall;
import io.grpcweb.gateway.testing.BrowserCall;
import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.Http2Browser;
import io.grpcweb.gateway.testing.Http2Exchange;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Subject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What an Envoy file says is to be done when the process runs short. */
@ParameterizedClass
@MethodSource("io.grpcweb.gateway.testing.Subject#all")
class OverloadFieldsTest {
    private static final String PATH = "/wire.Service/Call";
    private static final String HELD = "/wire.Service/Held";
    private static final String LARGE = "/wire.Service/Large";
    private static final String[] WEB = {"content-type", "application/grpc-web+proto"};
    private static final String MANAGER = """
            overload_manager:
              refresh_interval: 0.05s
              buffer_factory_config: { minimum_account_to_track_power_of_two: 20 }
              resource_monitors:
              - name: envoy.resource_monitors.injected_resource
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.resource_monitors.injected_resource.v3.InjectedResourceConfig
                  filename: %s
            %s
            """;
    private static final String MONITOR =
            "- { name: envoy.resource_monitors.%s, typed_config: { \"@type\": type.googleapis.com/envoy.extensions."
                    + "resource_monitors.%s } }";
    private static final String AT_HALF =
            "triggers: [ { name: envoy.resource_monitors.injected_resource, threshold: { value: 0.5 } } ]";

    @Parameter
    Subject subject;

    @TempDir
    private Path folder;

    private final ScriptedBackend backend = new ScriptedBackend()
            .on(PATH, seen -> seen.trailersOnly("grpc-status", "7"))
            .on(HELD, BackendCall::awaitReset);

    @AfterEach
    void stop() {
        backend.close();
    }

    private void pressure(String value) {
        try {
            Path next = folder.resolve("next");
            Files.writeString(next, value);
            Files.move(next, folder.resolve("pressure"), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void pressure(Subject.Running gateway, String value, int percent) {
        pressure(value);
        await().until(() -> gateway.page("/stats")
                .contains("overload.envoy.resource_monitors.injected_resource.pressure: " + percent + "\n"));
    }

    private Subject.Running start(String overload, EnvoyFile file) {
        pressure("0.1");
        String text = file.text();
        String indented = overload.strip().replace("\n", "\n  ");
        return subject.start(
                text + MANAGER.formatted(folder.resolve("pressure"), indented.isEmpty() ? "" : "  " + indented));
    }

    private Subject.Running action(String name) {
        return action(name, new EnvoyFile(backend.port()));
    }

    private Subject.Running action(String name, EnvoyFile file) {
        return start("actions:\n- { name: envoy.overload_actions." + name + ", " + AT_HALF + " }", file);
    }

    private static int served(Subject.Running gateway) {
        try (Http1Browser browser = new Http1Browser(gateway.port())) {
            return browser.post(PATH, Frames.F3, WEB).status();
        }
    }

    @Test
    void requestsAreAnsweredWithoutABackendAndAppendLocalOverloadTellsSo() {
        try (Subject.Running gateway = action(
                "stop_accepting_requests",
                new EnvoyFile(backend.port()).with("MANAGER", "append_local_overload: true"))) {
            assertThat(served(gateway)).isEqualTo(200);
            pressure(gateway, "0.5", 50);
            try (Http1Browser web = new Http1Browser(gateway.port());
                    Http2Browser other = new Http2Browser(gateway.port())) {
                Answer answer = web.post(PATH, Frames.F3, WEB);
                assertThat(answer.status()).isEqualTo(503);
                assertThat(answer.text()).isEqualTo("envoy overloaded");
                assertThat(answer.header("x-envoy-local-overloaded")).isEqualTo("true");
                Http2Browser.Call call = other.call(PATH, "content-type", "application/grpc");
                call.end();
                Answer gone = call.answer();
                assertThat(gone.status()).isEqualTo(200);
                assertThat(gone.header("grpc-status")).isEqualTo("14");
                assertThat(gone.header("grpc-message")).isEqualTo("envoy overloaded");
            }
            assertThat(gateway.page("/stats"))
                    .contains("http.edge.downstream_rq_overload_close: 2\n")
                    .contains("overload.envoy.overload_actions.stop_accepting_requests.active: 1\n")
                    .contains("overload.envoy.overload_actions.stop_accepting_requests.scale_percent: 100\n");
            pressure(gateway, "0.2", 20);
            assertThat(served(gateway)).isEqualTo(200);
        }
    }

    @Test
    void connectionsEndWithTheirResponses() {
        try (Subject.Running gateway = action("disable_http_keepalive")) {
            pressure(gateway, "0.6", 60);
            try (Http1Browser first = new Http1Browser(gateway.port());
                    Http2Browser second = new Http2Browser(gateway.port())) {
                Answer answer = first.post(PATH, Frames.F3, WEB);
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.header("connection")).isEqualTo("close");
                assertThat(second.post(PATH, Frames.F3, WEB).status()).isEqualTo(200);
                second.peer().await("GOAWAY", () -> !second.peer().goAways().isEmpty());
            }
            assertThat(gateway.page("/stats")).contains("http.edge.downstream_cx_overload_disable_keepalive: 2\n");
        }
    }

    @Test
    void connectionsAreRefused() {
        try (Subject.Running gateway = action("reject_incoming_connections")) {
            pressure(gateway, "0.6", 60);
            try (Http1Browser browser = new Http1Browser(gateway.port())) {
                assertThat(browser.isEnded()).isTrue();
            }
            assertThat(gateway.page("/stats")).contains("downstream_cx_overload_reject: 1\n");
        }
    }

    @Test
    void bypassOverloadManagerLeavesAListenerAlone() {
        try (Subject.Running gateway = action(
                "reject_incoming_connections",
                new EnvoyFile(backend.port()).with("LISTENER", "bypass_overload_manager: true"))) {
            pressure(gateway, "0.6", 60);
            assertThat(served(gateway)).isEqualTo(200);
        }
    }

    @Test
    void connectionsWaitUntilThereIsRoom() {
        try (Subject.Running gateway = action("stop_accepting_connections")) {
            pressure(gateway, "0.6", 60);
            await().until(() -> gateway.page("/stats")
                    .contains("overload.envoy.overload_actions.stop_accepting_connections.active: 1\n"));
            try (Http1Browser browser = new Http1Browser(gateway.port())) {
                BrowserCall call = browser.call(PATH, WEB);
                call.send(Frames.F3);
                call.end();
                assertThat(browser.isStillFor(300)).isTrue();
                pressure(gateway, "0.1", 10);
                assertThat(call.answer().status()).isEqualTo(200);
            }
        }
    }

    /** http_connection_manager_decode_headers and tcp_listener_accept */
    @Test
    void workIsTurnedAwayAtPlaces() {
        String places = """
                loadshed_points:
                - name: envoy.load_shed_points.http_connection_manager_decode_headers
                  triggers: [ { name: envoy.resource_monitors.injected_resource, threshold: { value: 0.4 } } ]
                - name: envoy.load_shed_points.tcp_listener_accept
                  triggers: [ { name: envoy.resource_monitors.injected_resource, threshold: { value: 0.8 } } ]
                """;
        try (Subject.Running gateway = start(places, new EnvoyFile(backend.port()))) {
            pressure(gateway, "0.4", 40);
            assertThat(served(gateway)).isEqualTo(503);
            pressure(gateway, "0.8", 80);
            try (Http1Browser browser = new Http1Browser(gateway.port())) {
                assertThat(browser.isEnded()).isTrue();
            }
            assertThat(gateway.page("/stats"))
                    .contains("load_shed_points.http_connection_manager_decode_headers.shed_load_count: 1\n")
                    .contains("load_shed_points.tcp_listener_accept.shed_load_count: 1\n");
        }
    }

    /** timer_scale_factors: min_timeout, min_scale and scaled triggers. */
    @Test
    void timeoutsOfWhatIsOpenBecomeShorter() {
        String reduce = """
                actions:
                - name: envoy.overload_actions.reduce_timeouts
                  triggers:
                  - name: envoy.resource_monitors.injected_resource
                    scaled: { scaling_threshold: 0.2, saturation_threshold: 0.4 }
                  typed_config:
                    "@type": type.googleapis.com/envoy.config.overload.v3.ScaleTimersOverloadActionConfig
                    timer_scale_factors:
                    - { timer: HTTP_DOWNSTREAM_CONNECTION_IDLE, min_timeout: 0.05s }
                    - { timer: HTTP_DOWNSTREAM_STREAM_IDLE, min_scale: { value: 0.01 } }
                """;
        EnvoyFile file = new EnvoyFile(backend.port()).with("MANAGER", "stream_idle_timeout: 600s");
        try (Subject.Running gateway = start(reduce, file);
                Http1Browser idle = new Http1Browser(gateway.port());
                Http2Browser busy = new Http2Browser(gateway.port())) {
            assertThat(idle.post(PATH, Frames.F3, WEB).status()).isEqualTo(200);
            Http2Exchange held = busy.peer().open(Http2Browser.head(HELD, WEB), true);
            backend.next();
            backend.next();
            pressure(gateway, "0.9", 90);
            assertThat(idle.isEnded()).isTrue();
            assertThat(held.awaitHead().status()).hasToString("504");
        }
    }

    /** buffer_factory_config: streams that hold 2^20 bytes and more. */
    @Test
    void responsesThatAreNotReadAreReset() {
        byte[] message = Frames.message(new byte[3 << 20]);
        backend.on(LARGE, seen -> {
            seen.head();
            seen.data(message);
            seen.awaitReset();
        });
        Path log = folder.resolve("access.log");
        EnvoyFile file = new EnvoyFile(backend.port())
                .with("MANAGER", "access_log:\n" + EnvoyFile.fileLog(log, "%RESPONSE_FLAGS%"))
                .with("LISTENER", "per_connection_buffer_limit_bytes: 8000000")
                .with("CLUSTER", "per_connection_buffer_limit_bytes: 8000000\nhttp2_protocol_options: {}\n");
        try (Subject.Running gateway = action("reset_high_memory_stream", file);
                Http2Browser deaf = new Http2Browser(gateway.port(), 4, 0)) {
            Http2Exchange unread = deaf.peer().open(Http2Browser.head(LARGE, WEB), true);
            Http2Exchange small = deaf.peer().open(Http2Browser.head(HELD, WEB), true);
            unread.awaitHead();
            pressure(gateway, "0.9", 90);
            unread.awaitReset();
            assertThat(small.resetCode()).isEqualTo(-1);
            await().until(() ->
                    gateway.page("/stats").contains("envoy.overload_actions.reset_high_memory_stream.count: 1\n"));
            await().until(() -> Files.exists(log) && Files.readString(log).equals("OM\n"));
        }
    }

    private Subject.Running monitor(String monitor, String piece) {
        String text = new EnvoyFile(backend.port()).with("LISTENER", piece).text();
        return subject.start(text + "overload_manager: { resource_monitors: [ " + monitor.substring(2) + " ] }\n");
    }

    @Test
    void theWholeGatewayHasSoManyConnections() {
        String most = MONITOR.formatted(
                "global_downstream_max_connections",
                "downstream_connections.v3.DownstreamConnectionsConfig, max_active_downstream_connections: 2");
        try (Subject.Running gateway = monitor(most, "");
                Http1Browser first = new Http1Browser(gateway.port());
                Http1Browser second = new Http1Browser(gateway.port())) {
            assertThat(first.post(PATH, Frames.F3, WEB).status()).isEqualTo(200);
            assertThat(second.post(PATH, Frames.F3, WEB).status()).isEqualTo(200);
            try (Http1Browser third = new Http1Browser(gateway.port())) {
                assertThat(third.isEnded()).isTrue();
            }
            assertThat(gateway.page("/stats")).contains("downstream_global_cx_overflow: 1\n");
            first.close();
            await().until(() -> served(gateway) == 200);
        }
        try (Subject.Running gateway = monitor(most, "ignore_global_conn_limit: true");
                Http1Browser first = new Http1Browser(gateway.port());
                Http1Browser second = new Http1Browser(gateway.port());
                Http1Browser third = new Http1Browser(gateway.port())) {
            assertThat(first.post(PATH, Frames.F3, WEB).status()).isEqualTo(200);
            assertThat(second.post(PATH, Frames.F3, WEB).status()).isEqualTo(200);
            assertThat(third.post(PATH, Frames.F3, WEB).status()).isEqualTo(200);
        }
    }

    @Test
    void theHeapAndTheControlGroupAreWatched() {
        String heap = MONITOR.formatted("fixed_heap", "fixed_heap.v3.FixedHeapConfig, max_heap_size_bytes: 1000");
        try (Subject.Running gateway = monitor(heap, "")) {
            await().until(() ->
                    gateway.page("/stats").matches("(?s).*resource_monitors.fixed_heap.pressure: [1-9]\\d\\d+\n.*"));
        }
        String group =
                MONITOR.formatted("cgroup_memory", "cgroup_memory.v3.CgroupMemoryConfig, max_memory_bytes: 1000");
        try (Subject.Running gateway = monitor(group, "")) {
            await().until(() -> gateway.page("/stats")
                    .matches("(?s).*cgroup_memory.(pressure: [1-9]\\d\\d+|failed_updates: [1-9]).*"));
        }
    }

    @Test
    void whatEnvoyRefusesIsRefused() {
        refused("actions: [ { name: envoy.overload_actions.nonsense, " + AT_HALF + " } ]", "nonsense");
        refused(
                "actions: [ { name: envoy.overload_actions.shrink_heap, triggers: [ { name: other, threshold: { value: 1"
                        + " } } ] } ]",
                "other");
        refused(
                "actions: [ { name: envoy.overload_actions.shrink_heap, triggers: [ { name:"
                        + " envoy.resource_monitors.injected_resource, scaled: { scaling_threshold: 0.9,"
                        + " saturation_threshold: 0.8 } } ] } ]",
                "scaling_threshold must be less than saturation_threshold");
        refused("actions: [ { name: envoy.overload_actions.reduce_timeouts, " + AT_HALF + " } ]", "typed_config");
    }

    private void refused(String overload, String why) {
        if (subject != Subject.ENVOY) {
            assertThatThrownBy(() -> start(overload, new EnvoyFile(backend.port())))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining(why);
        }
    }
}
