package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpcweb.gateway.config.HttpConfig;
import io.grpcweb.gateway.testing.EnvoyFile;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.Http2Browser;
import io.grpcweb.gateway.testing.ScriptedBackend;
import io.grpcweb.gateway.testing.Subject;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What an Envoy file says of PING frames, beside how often and how long. */
@ParameterizedClass
@MethodSource("io.grpcweb.gateway.testing.Subject#all")
record KeepaliveFieldsTest(Subject subject) {
    private static final String PATH = "/wire.Service/Call";

    @Test
    void aSilentBackendIsAskedBeforeTheNextCall() {
        String keepalive = "{ interval: 3600s, timeout: 0.2s, connection_idle_interval: 0.001s }";
        try (ScriptedBackend backend = new ScriptedBackend().on(PATH, seen -> {
                    seen.awaitEnd();
                    seen.head().data(Frames.F2).trailers("grpc-status", "0");
                });
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                        .with("CLUSTER", "http2_protocol_options: { connection_keepalive: " + keepalive + " }"));
                Http2Browser browser = new Http2Browser(gateway.port())) {
            call(browser);
            backend.connections().get(0).ignorePings();
            await().until(() -> {
                call(browser);
                return backend.connections().get(0).isGone();
            });
        }
    }

    private static void call(Http2Browser browser) {
        browser.post(PATH, Frames.F3, "content-type", "application/grpc-web+proto");
    }

    @Test
    void intervalsMayBeLonger() {
        String keepalive = "{ interval: 0.05s, timeout: 1s, interval_jitter: { value: 100 } }";
        try (ScriptedBackend backend = new ScriptedBackend();
                Subject.Running gateway = subject.start(new EnvoyFile(backend.port())
                        .with("MANAGER", "http2_protocol_options: { connection_keepalive: " + keepalive + " }"));
                Http2Browser silent = new Http2Browser(gateway.port())) {
            silent.peer().ignorePings();
            await().until(() -> silent.peer().isGone());
        }
        HttpConfig.Keepalive half =
                new HttpConfig.Keepalive(Duration.ofSeconds(10), Duration.ofSeconds(1), 0.5, Duration.ZERO);
        assertThat(half.nextNanos(0)).isEqualTo(10_000_000_000L);
        assertThat(half.nextNanos(0.5)).isEqualTo(12_500_000_000L);
    }
}
