package io.grpcweb.gateway.admin;

import io.grpcweb.gateway.stats.ServerStats;
import io.netty.buffer.PooledByteBufAllocator;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;

/** Lets the gauges {@code server.*} follow the process. */
final class ServerGauges {
    private ServerGauges() {}

    static void bind(ServerStats server, ServerInfo info, Controls controls, Snapshots snapshots) {
        server.live.follow(() -> controls.state() == Controls.State.DRAINING ? 0 : 1);
        server.state.follow(() -> controls.state().number());
        server.uptime.follow(
                () -> Duration.between(info.started(), Instant.now()).toSeconds());
        server.concurrency.set(info.concurrency());
        server.memoryAllocated.follow(ServerGauges::allocated);
        server.memoryHeapSize.follow(ServerGauges::reserved);
        server.memoryPhysicalSize.follow(ServerGauges::reserved);
        server.daysUntilFirstCertExpiring.follow(() -> snapshots.certificates().stream()
                .mapToLong(CertsPage::daysLeft)
                .min()
                .orElse(Integer.toUnsignedLong(-1)));
    }

    /** Bytes in use: the Java heap, and the buffers of Netty outside of it. */
    static long allocated() {
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() + direct();
    }

    /** Bytes taken from the system. */
    static long reserved() {
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getCommitted() + direct();
    }

    private static long direct() {
        return PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
    }
}
