package io.grpcweb.gateway.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A listener when all file descriptors are taken. */
class AcceptFailuresTest {
    private final IOException noneLeft = new IOException("accept(..) failed: Too many open files");

    @Test
    void itRestsInsteadOfSpinningAndNobodyIsToldTwice() {
        EmbeddedChannel listener = new EmbeddedChannel(new AcceptFailures("main", null));
        listener.freezeTime();

        listener.pipeline().fireExceptionCaught(noneLeft);
        listener.pipeline().fireExceptionCaught(noneLeft);
        assertThat(listener.config().isAutoRead()).isFalse();

        listener.advanceTimeBy(1, TimeUnit.SECONDS);
        listener.runScheduledPendingTasks();
        assertThat(listener.config().isAutoRead()).isTrue();
        // What goes on to the end of the pipeline is logged there, with its stack trace, and thrown here.
        listener.checkException();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void oneWithSparesUsesThemFirst() {
        try (SpareDescriptors spares = new SpareDescriptors(1)) {
            EmbeddedChannel listener = new EmbeddedChannel(new AcceptFailures("admin", spares));

            listener.pipeline().fireExceptionCaught(noneLeft);
            assertThat(listener.config().isAutoRead()).isTrue();
            listener.pipeline().fireExceptionCaught(noneLeft);
            assertThat(listener.config().isAutoRead()).isFalse();

            spares.refill();
            assertThat(spares.release()).isTrue();
        }
    }
}
