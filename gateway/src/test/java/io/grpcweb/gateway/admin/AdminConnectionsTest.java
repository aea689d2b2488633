package io.grpcweb.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.stats.Stats;
import org.junit.jupiter.api.Test;

class AdminConnectionsTest {
    /** 32 MiB. */
    private static final int MOST = 33_554_432;

    private final Stats stats = new Stats();
    private final AdminConnections connections = new AdminConnections(2, stats.adminListener(), stats.http("admin"));

    @Test
    void allAnswersThatAreNotReadHaveOneBoundTogether() {
        assertThat(connections.hasRoomFor(MOST)).isTrue();
        assertThat(connections.hasRoomFor(MOST + 1)).isFalse();

        connections.unread(20_000_000);
        connections.unread(10_000_000);
        assertThat(connections.hasRoomFor(3_554_432)).isTrue();
        assertThat(connections.hasRoomFor(3_554_433)).isFalse();

        connections.unread(-20_000_000);
        assertThat(connections.hasRoomFor(23_554_432)).isTrue();
        assertThat(connections.hasRoomFor(23_554_433)).isFalse();
    }

    @Test
    void aSmallAnswerSuchAsThatOfAProbeAlwaysHasRoom() {
        connections.unread(MOST);
        assertThat(connections.hasRoomFor(4096)).isTrue();
        assertThat(connections.hasRoomFor(4097)).isFalse();
        connections.unread(MOST);
        assertThat(connections.hasRoomFor(0)).isTrue();
    }

    @Test
    void theLargestAnswersDoNotOverflowTheSum() {
        connections.unread(Integer.MAX_VALUE);
        assertThat(connections.hasRoomFor(Integer.MAX_VALUE)).isFalse();
    }
}
