package io.grpcweb.gateway.runtime;

import io.grpcweb.gateway.admin.AdminServer;
import io.grpcweb.gateway.process.Giver;
import io.netty.channel.unix.FileDescriptor;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** What of a gateway another process takes over: its listening sockets, and the address of the admin listener. */
final class Succession implements Giver {
    private final Listeners listeners;
    private final Drain drain;
    private final AdminServer admin;
    private final Runnable readNoMore;

    /**
     * Of a gateway that runs.
     *
     * @param admin null where there are no admin pages
     * @param readNoMore has the configuration left as it is: other settings are for the other process
     */
    Succession(Listeners listeners, Drain drain, AdminServer admin, Runnable readNoMore) {
        this.listeners = listeners;
        this.drain = drain;
        this.admin = admin;
        this.readNoMore = readNoMore;
    }

    @Override
    public List<FileDescriptor> lend() {
        if (admin != null) {
            admin.suspend();
        }
        return listeners.all().stream()
                .flatMap(listener -> listener.descriptor().stream())
                .toList();
    }

    @Override
    public void resume() {
        if (admin != null) {
            admin.resume();
        }
    }

    @Override
    public void end(Duration limit) {
        readNoMore.run();
        CountDownLatch left = new CountDownLatch(1);
        drain.handOver(limit, left::countDown);
        try {
            left.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
