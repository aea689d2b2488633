package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.testing.GatewayProcess;
import io.grpcweb.gateway.testing.Http2Browser;
import io.grpcweb.gateway.testing.ScriptedBackend;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** SIGHUP at a real process has it read its configuration again, and a process without it follows its file. */
@DisabledOnOs(OS.WINDOWS)
class SighupTest {
    private static final String PATH = "/wire.Service/Call";
    private static final String[] WEB = {"content-type", "application/grpc-web+proto"};

    @TempDir
    Path folder;

    private static String conf(int port) {
        return """
                error-format = envoy
                listeners.main { listen = "127.0.0.1:0", access-log = [], routes = [{ prefix = "/", cluster = backend }] }
                clusters.backend { endpoints = ["127.0.0.1:%d"] }
                """.formatted(port);
    }

    private static String status(Http2Browser browser) {
        Http2Browser.Call call = browser.call(PATH, WEB);
        call.end();
        return call.answer().header("grpc-status");
    }

    @Test
    void withSighup() throws Exception {
        serve("envoy", true);
    }

    @Test
    void withoutSighup() throws Exception {
        serve("gateway", false);
    }

    private void serve(String command, boolean hangUp) throws Exception {
        try (ScriptedBackend first = new ScriptedBackend().on(PATH, seen -> seen.trailersOnly("grpc-status", "1"));
                ScriptedBackend second = new ScriptedBackend().on(PATH, seen -> seen.trailersOnly("grpc-status", "2"));
                GatewayProcess gateway =
                        new GatewayProcess(folder, conf(first.port()), "-Dgateway.command=" + command);
                Http2Browser browser = new Http2Browser(gateway.port())) {
            assertThat(status(browser)).isEqualTo("1");
            Files.writeString(folder.resolve("gateway.conf"), conf(second.port()));
            if (hangUp) {
                gateway.hangUp();
            }
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> status(browser)
                    .equals("2"));
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> gateway.log()
                    .contains("the configuration was read again and is in force"));
            assertThat(browser.peer().goAways()).isEmpty();
        }
    }
}
