package io.grpcweb.gateway.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainDatagramPacket;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a service manager at a real socket is told. */
@EnabledOnOs(OS.LINUX)
class ServiceManagerTest {
    private static final long PID = 4711;

    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final BlockingQueue<List<String>> told = new LinkedBlockingQueue<>();

    @TempDir
    Path folder;

    @AfterEach
    void end() {
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    private void listen(String name) throws Exception {
        Channel unused = new Bootstrap()
                .group(loop)
                .channel(EpollDomainDatagramChannel.class)
                .handler(new SimpleChannelInboundHandler<DomainDatagramPacket>() {
                    @Override
                    protected void channelRead0(ChannelHandlerContext ctx, DomainDatagramPacket packet) {
                        told.add(packet.content().toString(UTF_8).lines().toList());
                    }
                })
                .bind(SocketName.address(name))
                .sync()
                .channel();
    }

    private List<String> next() throws InterruptedException {
        List<String> lines = told.poll(10, TimeUnit.SECONDS);
        assertThat(lines).as("a datagram").isNotNull();
        return lines;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void isToldHowFarTheProcessIs(boolean inFileSystem) throws Exception {
        String name = inFileSystem ? folder.resolve("notify").toString() : "@gateway-" + UUID.randomUUID();
        listen(name);
        try (ServiceManager manager =
                ServiceManager.of(Map.of("NOTIFY_SOCKET", name), PID).orElseThrow()) {
            manager.live();
            assertThat(next()).containsExactly("READY=1", "STATUS=Serving", "MAINPID=4711");

            long before = System.nanoTime() / 1000;
            manager.reloading();
            List<String> reloading = next();
            assertThat(reloading).startsWith("RELOADING=1").hasSize(3);
            assertThat(Long.parseLong(reloading.get(1).substring("MONOTONIC_USEC=".length())))
                    .isBetween(before, System.nanoTime() / 1000);

            manager.reloaded("a.conf:3: no such key\nand more");
            assertThat(next())
                    .containsExactly("READY=1", "STATUS=Serving; the last reload failed: a.conf:3: no such key");
            manager.reloaded("");
            assertThat(next()).containsExactly("READY=1", "STATUS=Serving");

            manager.stopping();
            assertThat(next()).containsExactly("STOPPING=1", "STATUS=Draining");
        }
    }

    @Test
    void thereIsNoneWithoutASocket() throws Exception {
        assertThat(ServiceManager.of(Map.of(), PID)).isEmpty();
        assertThat(ServiceManager.of(Map.of("WATCHDOG_USEC", "1000"), PID)).isEmpty();
    }

    @Test
    void aSocketThatIsNotThereIsAnError() {
        String nowhere = folder.resolve("nowhere").toString();

        assertThatThrownBy(() -> ServiceManager.of(Map.of("NOTIFY_SOCKET", nowhere), PID))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("NOTIFY_SOCKET " + nowhere);
    }

    @Test
    void theWatchdogIsForOneProcess() throws Exception {
        String name = folder.resolve("watchdog").toString();
        listen(name);
        Map<String, String> environment = new HashMap<>(Map.of("NOTIFY_SOCKET", name, "WATCHDOG_USEC", "30000000"));

        assertThat(micros(environment)).isEqualTo(30_000_000);
        environment.put("WATCHDOG_PID", "4711");
        assertThat(micros(environment)).isEqualTo(30_000_000);
        environment.put("WATCHDOG_PID", "4712");
        assertThat(micros(environment)).isEqualTo(-1);
        environment.remove("WATCHDOG_PID");
        environment.put("WATCHDOG_USEC", "soon");
        assertThatThrownBy(() -> micros(environment)).hasMessageContaining("'soon' is not a number of microseconds");
    }

    private static long micros(Map<String, String> environment) throws IOException {
        try (ServiceManager manager = ServiceManager.of(environment, PID).orElseThrow()) {
            return manager.watchdogMicros().orElse(-1);
        }
    }
}
