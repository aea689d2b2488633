package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpcweb.gateway.testing.Answer;
import io.grpcweb.gateway.testing.BackendCall;
import io.grpcweb.gateway.testing.Browser;
import io.grpcweb.gateway.testing.BrowserCall;
import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.Http1Answer;
import io.grpcweb.gateway.testing.Http1Backend;
import io.grpcweb.gateway.testing.Http1Browser;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Subject;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What an Envoy file says of the times of a route, of copies, upgrades and second attempts. */
@ParameterizedClass
@MethodSource("io.grpcweb.gateway.testing.Subject#all")
record RouteActionFieldsTest(Subject subject) {
    private static final String PATH = "/wire.Service/Call";
    private static final String SWITCHED =
            "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n";

    @TempDir
    private static Path folder;

    private static String route(String fields) {
        return "- match: { prefix: / }\n  route: { cluster: backend, " + fields + " }";
    }

    /** How a native call with this deadline ends whose backend says nothing. */
    private String end(String fields, String... deadline) {
        try (ScriptedBackend backend = new ScriptedBackend().on(PATH, BackendCall::awaitReset);
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port()).with("ROUTES", route(fields)));
                Browser browser = Browser.connect(2, gateway.port())) {
            String[] head = new String[4 + deadline.length];
            head[0] = "content-type";
            head[1] = "application/grpc-web+proto";
            head[2] = "x-grpc-web";
            head[3] = "1";
            System.arraycopy(deadline, 0, head, 4, deadline.length);
            Answer answer = browser.post(PATH, Frames.F3, head);
            return answer.status() + " " + answer.header("grpc-message");
        }
    }

    @Test
    void aCallHasTheTimesOfItsRoute() {
        String[] later = {"grpc-timeout", "30S"};
        assertThat(end("timeout: 0.2s")).isEqualTo("504 upstream request timeout");
        assertThat(end("timeout: 0s, idle_timeout: 0.2s")).isEqualTo("504 stream timeout");
        assertThat(end("timeout: 60s, max_grpc_timeout: 0.2s", later)).isEqualTo("504 upstream request timeout");
        assertThat(end("timeout: 60s, max_grpc_timeout: 60s, grpc_timeout_offset: 29.8s", later))
                .isEqualTo("504 upstream request timeout");
        assertThat(end("timeout: 0s, max_stream_duration: { max_stream_duration: 0.2s }"))
                .isEqualTo("504 downstream duration timeout");
        assertThat(end("timeout: 0s, max_stream_duration: { grpc_timeout_header_max: 0.2s }", later))
                .isEqualTo("504 downstream duration timeout");
        assertThat(end(
                        "timeout: 0s, max_stream_duration: { grpc_timeout_header_max: 60s, grpc_timeout_header_offset: 29.8s }",
                        later))
                .isEqualTo("504 downstream duration timeout");
    }

    /** The deadline that a backend is told of. */
    private String told(String fields, String... deadline) {
        try (ScriptedBackend backend = new ScriptedBackend().on(PATH, seen -> seen.trailersOnly("grpc-status", "0"));
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port()).with("ROUTES", route(fields)));
                Browser browser = Browser.connect(2, gateway.port())) {
            BrowserCall call = browser.call(PATH, deadline);
            call.end();
            assertThat(call.status()).isEqualTo(200);
            return backend.next().header("grpc-timeout");
        }
    }

    @Test
    void theDeadlineOfTheCallerIsMadeShorterBeforeItIsCapped() {
        String fields = "max_grpc_timeout: 2s, grpc_timeout_offset: 0.5s";
        String[] none = {"content-type", "application/grpc-web+proto"};
        assertThat(told(fields, none)).isEqualTo("2000m");
        assertThat(told(fields, none[0], none[1], "grpc-timeout", "7S")).isEqualTo("2000m");
        assertThat(told(fields, none[0], none[1], "grpc-timeout", "1S")).isEqualTo("500m");
    }

    private int webSocket(String manager, String action) {
        try (Http1Backend backend = new Http1Backend(request -> SWITCHED);
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                        .http1()
                        .with("MANAGER", manager)
                        .with("ROUTES", route(action)));
                Http1Browser browser = new Http1Browser(gateway.port())) {
            browser.raw("GET / HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n");
            Http1Answer answer = browser.next();
            answer.readHead();
            return answer.status();
        }
    }

    @Test
    void aRouteMayAllowAnUpgradeThatItsListenerDoesNot() {
        String upgrade = "upgrade_configs: [ { upgrade_type: websocket, enabled: %s } ]";
        assertThat(webSocket(upgrade.formatted(true), "")).isEqualTo(101);
        assertThat(webSocket(upgrade.formatted(false), "")).isEqualTo(403);
        assertThat(webSocket(upgrade.formatted(false), upgrade.formatted(true))).isEqualTo(101);
        assertThat(webSocket(upgrade.formatted(true), upgrade.formatted(false))).isEqualTo(403);
    }

    private boolean isCopied(String place, String policy) {
        try (Http1Backend backend = new Http1Backend();
                Http1Backend copies = new Http1Backend();
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                        .http1()
                        .cluster("copies", copies.port(), "")
                        .with(place, place.equals("ROUTES") ? route(policy) : policy))) {
            assertThat(Http1Browser.once(gateway.port(), "GET", "/").text()).isEqualTo("ok");
            backend.next();
            if (policy.contains("numerator: 0")) {
                return copies.wasAsked();
            }
            return copies.next().field("host").startsWith("gateway.test-shadow");
        }
    }

    @Test
    void requestsAreCopiedAsTheFileSays() {
        String policy = "request_mirror_policies: [ { cluster: copies%s } ]";
        String share = ", runtime_fraction: { default_value: { numerator: %d }, runtime_key: k }";
        for (String place : new String[] {"TABLE", "HOST", "ROUTES"}) {
            assertThat(isCopied(place, policy.formatted(""))).as(place).isTrue();
        }
        assertThat(isCopied("ROUTES", policy.formatted(share.formatted(100)))).isTrue();
        assertThat(isCopied("ROUTES", policy.formatted(share.formatted(0)))).isFalse();
    }

    @Test
    void aHostHasARetryPolicyForItsRoutes() {
        AtomicInteger asked = new AtomicInteger();
        try (Http1Backend backend = new Http1Backend(request -> asked.incrementAndGet() < 3
                        ? "HTTP/1.1 503 No\r\ncontent-length: 0\r\n\r\n"
                        : Http1Backend.OK);
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                        .http1()
                        .with("HOST", "retry_policy: { retry_on: 5xx, num_retries: 2 }"))) {
            assertThat(Http1Browser.once(gateway.port(), "GET", "/").text()).isEqualTo("ok");
        }
    }

    private static String upload(int bytes) {
        return "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: " + bytes + "\r\n\r\n" + "x".repeat(bytes);
    }

    @Test
    void aRequestThatIsLargerThanWhatIsKeptOfItIsSentOnce() {
        AtomicInteger asked = new AtomicInteger();
        String policy = "retry_policy: { retry_on: 5xx, num_retries: 2 }";
        try (Http1Backend backend = new Http1Backend(request -> {
                    asked.incrementAndGet();
                    return "HTTP/1.1 503 No\r\ncontent-length: 2\r\n\r\nno";
                });
                Subject.Running gateway =
                        subject.start(new EnvoyFile(backend.port()).http1().with("ROUTES", route(policy)));
                Http1Browser browser = new Http1Browser(gateway.port())) {
            browser.raw(upload(2 << 20));
            Answer answer = browser.next().readAll();
            assertThat(answer.status() + " " + answer.text()).isEqualTo("503 no");
            assertThat(asked).hasValue(1);
            assertThat(backend.next().body()).hasSize(2 << 20);
            assertThat(gateway.page("/stats?filter=cluster.backend"))
                    .contains(
                            "cluster.backend.retry_or_shadow_abandoned: 1\n", "cluster.backend.upstream_rq_retry: 0\n");
        }
    }

    @Test
    void whatComesBeforeTheNextAttemptIsKeptUpToTheLimit() throws Exception {
        String policy =
                "retry_policy: { retry_on: reset, retry_back_off: { base_interval: 1000s, max_interval: 1000s } }";
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                Subject.Running gateway = subject.start(
                        new EnvoyFile(server.getLocalPort()).http1().with("ROUTES", route(policy)));
                Http1Browser browser = new Http1Browser(gateway.port())) {
            String request = upload(2 << 20);
            int body = request.indexOf("xx");
            browser.raw(request.substring(0, body));
            try (Socket first = server.accept()) {
                assertThat(first.getInputStream().read()).isEqualTo('P');
            }
            await().until(() -> gateway.page("/stats?filter=upstream_cx_active")
                    .contains("cluster.backend.upstream_cx_active: 0\n"));
            browser.raw(request.substring(body));
            Answer answer = browser.next().readAll();
            assertThat(answer.status() + " " + answer.text())
                    .isEqualTo("507 exceeded request buffer limit while retrying upstream");
        }
    }

    @Test
    void anotherAttemptGoesToAnotherEndpointWhereTheFileSaysSo() {
        String policy = """
                - match: { prefix: / }
                  route:
                    cluster: several
                    retry_policy:
                      retry_on: 5xx
                      num_retries: 1
                      host_selection_retry_max_attempts: 50
                      retry_host_predicate:
                      - name: envoy.retry_host_predicates.previous_hosts
                        typed_config: { "@type": type.googleapis.com/envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate }
                """;
        String endpoint = "{ endpoint: { address: { socket_address: { address: 127.0.0.1, port_value: %d } } } }";
        try (Http1Backend good = new Http1Backend();
                Http1Backend bad = new Http1Backend(request -> "HTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\n");
                Subject.Running gateway = subject.start(new EnvoyFile(1)
                        .with("CLUSTERS", """
                                - name: several
                                  lb_policy: RANDOM
                                  load_assignment:
                                    cluster_name: several
                                    endpoints: [ { lb_endpoints: [ %s, %s ] } ]
                                """.formatted(
                                        endpoint.formatted(good.port()), endpoint.formatted(bad.port())))
                        .with("ROUTES", policy))) {
            for (int i = 0; i < 20; i++) {
                assertThat(Http1Browser.once(gateway.port(), "GET", "/").text()).isEqualTo("ok");
            }
        }
    }

    @Test
    void callsOfGrpcAreToldFromOthers() {
        String routes = """
                - match: { prefix: /, grpc: {} }
                  direct_response: { status: 200, body: { inline_string: grpc } }
                - match: { prefix: /, headers: [ { name: x-a, string_match: { safe_regex: { regex: "a[0-9]" } } } ] }
                  direct_response: { status: 200, body: { inline_string: regex } }
                - match: { prefix: / }
                  direct_response: { status: 200, body: { inline_string: other } }
                """;
        try (Subject.Running gateway = subject.start(new EnvoyFile(1).with("ROUTES", routes))) {
            assertThat(body(gateway, "content-type", "text/plain")).isEqualTo("other");
            assertThat(body(gateway, "x-a", "a7")).isEqualTo("regex");
            assertThat(body(gateway, "x-a", "a77")).isEqualTo("other");
            Answer call = Http1Browser.once(gateway.port(), "GET", "/", "content-type", "application/grpc");
            assertThat(call.header("grpc-status")).isNotNull();
        }
    }

    private static String body(Subject.Running gateway, String... fields) {
        return Http1Browser.once(gateway.port(), "GET", "/", fields).text();
    }

    @Test
    void namesAreInTheLogAndInTheDump() throws Exception {
        Path log = Files.createTempFile(folder, "access", ".log");
        try (Http1Backend backend = new Http1Backend();
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                        .http1()
                        .with("TABLE", "name: table-of-the-file")
                        .with(
                                "ROUTES",
                                "- name: route-of-the-file\n  match: { prefix: / }\n  route: { cluster: backend }")
                        .with("MANAGER", "access_log:\n" + EnvoyFile.fileLog(log, "%ROUTE_NAME%")))) {
            Http1Browser.once(gateway.port(), "GET", "/");
            await().until(() -> Files.readString(log).equals("route-of-the-file\n"));
            assertThat(gateway.page("/config_dump")).contains("table-of-the-file");
        }
    }

    @Test
    void aHostTakesFieldsOffItsAnswers() {
        try (Http1Backend backend =
                        new Http1Backend(request -> "HTTP/1.1 200 OK\r\nx-gone: 1\r\ncontent-length: 2\r\n\r\nok");
                Subject.Running gateway = subject.start(
                        new EnvoyFile(backend.port()).http1().with("HOST", "response_headers_to_remove: [ x-gone ]"))) {
            assertThat(Http1Browser.once(gateway.port(), "GET", "/").header("x-gone"))
                    .isNull();
        }
    }
}
