package io.grpcweb.gateway.testing;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Holds one thread of a test until another one says so. */
public final class Gate {
    private final CountDownLatch latch = new CountDownLatch(1);

    public void open() {
        latch.countDown();
    }

    public void pass() throws InterruptedException {
        if (!latch.await(Http2Peer.PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
            throw new AssertionError("the gate stayed shut");
        }
    }
}
