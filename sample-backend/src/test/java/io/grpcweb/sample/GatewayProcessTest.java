package io.grpcweb.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

@DisabledOnOs(OS.WINDOWS)
final class GatewayProcessTest {
    private static final InetSocketAddress NOBODY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);

    @Test
    void aGatewayThatEndsIsNotWaitedFor() throws Exception {
        try (GatewayProcess gateway = new GatewayProcess(List.of("sh", "-c", "exit 3"))) {
            assertThatThrownBy(() -> gateway.awaitAnswer(NOBODY, Duration.ofSeconds(30)))
                    .hasMessage("the gateway ended with exit code 3");
        }
    }

    @Test
    void aGatewayThatNeverListensIsWaitedForOnlySoLong() throws Exception {
        try (GatewayProcess gateway = new GatewayProcess(List.of("sleep", "60"))) {
            assertThatThrownBy(() -> gateway.awaitAnswer(NOBODY, Duration.ZERO))
                    .hasMessage("the gateway did not listen on 127.0.0.1:1 within 0 s");
        }
    }

    @Test
    void aPortThatAnswersIsEnough() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                GatewayProcess gateway = new GatewayProcess(List.of("sleep", "60"))) {
            gateway.awaitAnswer(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort()),
                    Duration.ofSeconds(5));
        }
    }

    @Test
    void theChildrenOfAStartScriptEndWithIt() throws Exception {
        List<ProcessHandle> children;
        try (GatewayProcess gateway = new GatewayProcess(List.of("sh", "-c", "sleep 61 & wait; exit 1"))) {
            await().atMost(Duration.ofSeconds(5)).until(() -> !sleepers().isEmpty());
            children = sleepers();
            gateway.close();
            // By the signal, or because its child had got it first.
            assertThat(gateway.ended().get(5, TimeUnit.SECONDS)).isNotZero();
        }
        await().atMost(Duration.ofSeconds(5)).until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
    }

    /** Our grandchildren: what a start script started. */
    private static List<ProcessHandle> sleepers() {
        return ProcessHandle.current()
                .children()
                .flatMap(ProcessHandle::children)
                .toList();
    }
}
