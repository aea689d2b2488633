package io.grpcweb.gateway.net;

import io.netty.util.concurrent.EventExecutor;

/**
 * One flush at the end of a turn of the event loop, however often it is asked for: what a turn writes to a connection
 * leaves in one call to the kernel. Confined to that loop.
 */
final class TurnFlush implements Runnable {
    private final EventExecutor loop;
    private final Runnable flush;
    private boolean asked;

    TurnFlush(EventExecutor loop, Runnable flush) {
        this.loop = loop;
        this.flush = flush;
    }

    void ask() {
        if (!asked) {
            asked = true;
            loop.execute(this);
        }
    }

    @Override
    public void run() {
        asked = false;
        flush.run();
    }
}
