package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpcweb.gateway.testing.GatewayProcess;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Memory after many connections at once, in a real process. */
class BurstTest {
    private static final int CONNECTIONS = 6000;
    private static final byte[] REQUEST = "GET / HTTP/1.1\r\nhost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final Pattern RELEASED = Pattern.compile("heap of ([0-9]+) MiB made ([0-9]+) MiB");

    @TempDir
    Path folder;

    @Test
    @Tag("long")
    void theHeapIsMadeSmallerOnceItIsQuiet() throws Exception {
        String conf = """
                listeners.main { listen = "127.0.0.1:0", access-log = [] }
                clusters.backend.endpoints = ["127.0.0.1:1"]
                """;
        try (GatewayProcess gateway = new GatewayProcess(
                folder, conf, "-Xms16m", "-XX:NewRatio=1", "-XX:-ShrinkHeapInSteps", "-XX:MaxHeapFreeRatio=50")) {
            List<Socket> browsers = new ArrayList<>();
            try {
                for (int i = 0; i < CONNECTIONS; i++) {
                    Socket browser = new Socket(InetAddress.getLoopbackAddress(), gateway.port());
                    browsers.add(browser);
                    browser.getOutputStream().write(REQUEST);
                    assertThat(browser.getInputStream().read()).isEqualTo('H');
                }
                assertThat(gateway.log()).doesNotContainPattern(RELEASED);
            } finally {
                for (Socket browser : browsers) {
                    browser.close();
                }
            }
            await().atMost(Duration.ofMinutes(1))
                    .untilAsserted(() -> assertThat(gateway.log()).containsPattern(RELEASED));
            MatchResult sizes =
                    RELEASED.matcher(gateway.log()).results().findFirst().orElseThrow();
            assertThat(Integer.parseInt(sizes.group(2))).as(sizes.group()).isLessThan(Integer.parseInt(sizes.group(1)));
        }
    }
}
