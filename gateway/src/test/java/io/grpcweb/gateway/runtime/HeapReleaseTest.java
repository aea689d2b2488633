package io.grpcweb.gateway.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** When a gateway that has become quiet has its heap made smaller. */
class HeapReleaseTest {
    private long open;
    private long heapMiB = 32;
    private long heapAfterMiB = 40;
    private int collections;
    private final HeapRelease release = new HeapRelease(() -> open, () -> heapMiB << 20, () -> {
        collections++;
        heapMiB = heapAfterMiB;
    });

    private void look(int times) {
        for (int i = 0; i < times; i++) {
            release.run();
        }
    }

    private void burst(int connections) {
        open = connections;
        heapMiB = 96;
        look(1);
    }

    @Test
    void onceAfterABurst() {
        burst(1000);
        open = 250;
        look(HeapRelease.QUIET_LOOKS - 1);
        assertThat(collections).isZero();
        look(1);
        assertThat(collections).isEqualTo(1);
        look(10 * HeapRelease.QUIET_LOOKS);
        assertThat(collections).isEqualTo(1);
    }

    @Test
    void notWhileAQuarterOrMoreIsStillOpen() {
        burst(1000);
        open = 251;
        look(10 * HeapRelease.QUIET_LOOKS);
        assertThat(collections).isZero();
    }

    @Test
    void notWhileTheLoadComesAndGoes() {
        for (int i = 0; i < 10; i++) {
            burst(1000);
            open = 0;
            look(HeapRelease.QUIET_LOOKS - 1);
        }
        assertThat(collections).isZero();
    }

    @Test
    void notForAHeapThatHasHardlyGrown() {
        burst(1000);
        open = 0;
        heapMiB = 48;
        look(10 * HeapRelease.QUIET_LOOKS);
        assertThat(collections).isZero();
    }

    @Test
    void againAfterTheNextBurstOnly() {
        burst(1000);
        open = 0;
        look(HeapRelease.QUIET_LOOKS);
        burst(500);
        open = 0;
        look(HeapRelease.QUIET_LOOKS);
        assertThat(collections).isEqualTo(2);
    }

    @Test
    void notAgainForWhatStaysInUse() {
        heapAfterMiB = 96;
        burst(1000);
        open = 0;
        look(HeapRelease.QUIET_LOOKS);
        burst(1000);
        open = 0;
        look(10 * HeapRelease.QUIET_LOOKS);
        assertThat(collections).isEqualTo(1);
    }
}
