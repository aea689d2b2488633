package io.grpcweb.gateway.dynamic;

import io.grpcweb.gateway.config.ListenerConfig;
import io.grpcweb.gateway.source.xds.Timers;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last step of a listener's form: it is made beside what is in force, its filters fetch what they need, and it takes its place.
 * What filters wait for has a limit. On the thread of the sources.
 */
final class Opening {
    private static final Logger LOG = LoggerFactory.getLogger(Opening.class);

    /** How long filters may take; what they wait for is fetched all the same. */
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final ListenerSet listeners;
    private final Timers timers;
    private final Runnable ready;
    private ListenerSet.Prepared prepared;
    private Timers.Waiting limit;
    private int cold;
    private boolean late;

    /** @param ready runs when it may take its place, where that was not so at once */
    Opening(ListenerSet listeners, Timers timers, Runnable ready) {
        this.listeners = listeners;
        this.timers = timers;
        this.ready = ready;
    }

    /**
     * Makes it.
     *
     * @throws IOException says what cannot be used
     */
    void prepare(ListenerConfig config) throws IOException {
        CompletableFuture<Void> warm = new CompletableFuture<>();
        prepared = listeners.prepare(config, () -> warm.complete(null));
        if (!warm.isDone()) {
            cold++;
            warm.thenRun(() -> timers.next(this::warmed));
            if (limit == null) {
                limit = timers.after(LIMIT, () -> late(config));
            }
        }
    }

    private void warmed() {
        cold--;
        if (cold == 0 && prepared != null && !late) {
            ready.run();
        }
    }

    private void late(ListenerConfig config) {
        late = true;
        if (cold > 0 && prepared != null) {
            LOG.warn(
                    "lds: filters of listener '{}' are not ready after {} s, and it opens all the same",
                    config.name(),
                    LIMIT.toSeconds());
            ready.run();
        }
    }

    boolean isPrepared() {
        return prepared != null;
    }

    /** Whether it may take its place. */
    boolean isReady() {
        return prepared != null && (cold == 0 || late);
    }

    /**
     * Takes its place.
     *
     * @throws IOException says what cannot be used; then nothing has changed
     */
    void put() throws IOException {
        ListenerSet.Prepared now = prepared;
        taken();
        try {
            now.put();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the gateway ends", e);
        }
    }

    private void taken() {
        prepared = null;
        if (limit != null) {
            limit.cancel();
        }
    }

    /** Gives up what is made; it may be made anew. */
    void abandon() {
        if (prepared != null) {
            prepared.abandon();
            prepared = null;
        }
    }
}
