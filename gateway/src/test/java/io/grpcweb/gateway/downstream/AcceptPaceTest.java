package io.grpcweb.gateway.downstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A listener in front of event loops that have much to do. */
class AcceptPaceTest {
    private final AcceptPace pace = new AcceptPace(4);
    private final EmbeddedChannel listener = new EmbeddedChannel(pace);
    private final List<EmbeddedChannel> accepted = new ArrayList<>();

    private EmbeddedChannel accept() {
        EmbeddedChannel connection = new EmbeddedChannel();
        accepted.add(connection);
        listener.writeInbound(connection);
        return connection;
    }

    private boolean accepts() {
        listener.runPendingTasks();
        return listener.config().isAutoRead();
    }

    @Test
    void itRestsWhileTooManyWaitAndGoesOnWhenFewDo() {
        accept();
        accept();
        accept();
        assertThat(accepts()).isTrue();
        accept();
        assertThat(accepts()).isFalse();

        pace.taken(accepted.get(0));
        assertThat(accepts()).isFalse();
        pace.taken(accepted.get(1));
        assertThat(accepts()).isTrue();
        assertThat(listener.inboundMessages()).hasSize(4);
    }

    @Test
    void thoseThatNoLoopTookAreForgotten() {
        listener.freezeTime();
        for (int i = 0; i < 4; i++) {
            accept().close();
        }
        assertThat(accepts()).isFalse();

        listener.advanceTimeBy(2, TimeUnit.SECONDS);
        listener.runScheduledPendingTasks();

        assertThat(accepts()).isTrue();
    }
}
