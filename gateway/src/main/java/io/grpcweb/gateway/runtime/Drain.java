package io.grpcweb.gateway.runtime;

import io.grpcweb.gateway.admin.Controls;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.downstream.Listener;
import io.grpcweb.gateway.downstream.RetiredChain;
import io.grpcweb.gateway.process.Milestones;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the gateway ends: readiness off, a delay for load balancers to notice, GOAWAY and {@code connection: close}, calls
 * in flight finish, and what is still open at the limit is ended with a status. A second signal goes to the limit at once.
 */
final class Drain {
    private static final Logger LOG = LoggerFactory.getLogger(Drain.class);
    private static final long LOOK_MILLIS = 20;
    private static final long RETIRING_LOOK_MILLIS = 200;

    /** For the last frames to leave. */
    private static final long FAREWELL_MILLIS = 300;

    private volatile GatewayConfig.DrainConfig config;
    private final List<Listener> listeners;
    private final Runnable done;
    private final Milestones milestones;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "shutdown");
        thread.setDaemon(true);
        return thread;
    });
    private final Set<RetiredChain> retiring = ConcurrentHashMap.newKeySet();
    private volatile Controls.State starting = Controls.State.PRE_INITIALIZING;
    private volatile boolean failing;
    private volatile boolean ending;
    private volatile boolean handedOver;
    private long deadlineNanos;

    /**
     * Nothing ends yet.
     *
     * @param listeners the present ones; may change
     * @param milestones is told when the end begins
     * @param done runs at the end
     */
    Drain(GatewayConfig.DrainConfig config, List<Listener> listeners, Milestones milestones, Runnable done) {
        this.milestones = milestones;
        this.config = config;
        this.listeners = listeners;
        this.done = done;
    }

    /** How far the start has come. */
    void started(Controls.State state) {
        starting = state;
    }

    /** All listeners are open. */
    void live() {
        starting = Controls.State.LIVE;
    }

    Controls.State state() {
        if (failing || ending) {
            return Controls.State.DRAINING;
        }
        return starting;
    }

    boolean isDraining() {
        return state() == Controls.State.DRAINING;
    }

    /** Other settings, for what begins to drain from now on. */
    void config(GatewayConfig.DrainConfig next) {
        config = next;
    }

    /** Filter chains are in force no longer: their connections end with their streams, or after the drain time. */
    void retire(List<RetiredChain> chains) {
        if (chains.isEmpty()) {
            return;
        }
        retiring.addAll(chains);
        chains.forEach(chain -> chain.drain().beginWhenIdle());
        long limit = System.nanoTime() + config.drainTime().toNanos();
        clock.execute(() -> lookAt(chains, limit));
    }

    private void lookAt(List<RetiredChain> chains, long limit) {
        List<RetiredChain> left = new ArrayList<>();
        for (RetiredChain chain : chains) {
            if (chain.drain().connections() == 0) {
                retiring.remove(chain);
                chain.release();
            } else {
                left.add(chain);
            }
        }
        if (left.isEmpty()) {
            return;
        }
        if (System.nanoTime() - limit < 0) {
            clock.schedule(() -> lookAt(left, limit), RETIRING_LOOK_MILLIS, TimeUnit.MILLISECONDS);
            return;
        }
        left.forEach(chain -> chain.drain().finish());
        clock.schedule(() -> left.forEach(this::close), FAREWELL_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void close(RetiredChain chain) {
        chain.drain().close();
        retiring.remove(chain);
        chain.release();
    }

    /** Says "not ready" while everything goes on, or takes it back. */
    void failHealthcheck(boolean fail) {
        failing = fail;
        listeners.forEach(listener -> listener.drain().share(fail ? 1 : 0));
    }

    /** The drain that the admin page starts; the process does not end with it. */
    void drainListeners(boolean graceful, boolean skipExit, boolean inboundOnly) {
        clock.execute(() -> {
            List<Listener> drained = listeners.stream()
                    .filter(listener -> !inboundOnly || listener.config().inbound())
                    .toList();
            if (!graceful && !skipExit) {
                drained.forEach(Listener::close);
                drained.forEach(listener -> listener.drain().share(1));
                return;
            }
            rampUp(drained, System.nanoTime());
            if (!skipExit) {
                clock.schedule(
                        () -> drained.forEach(Listener::close),
                        config.drainTime().toMillis(),
                        TimeUnit.MILLISECONDS);
            }
        });
    }

    private void rampUp(List<Listener> drained, long began) {
        double passed = (double) (System.nanoTime() - began)
                / Math.max(1, config.drainTime().toNanos());
        double share = config.gradual() ? Math.min(1, passed) : 1;
        drained.forEach(listener -> listener.drain().share(share));
        if (share < 1) {
            clock.schedule(() -> rampUp(drained, began), 100, TimeUnit.MILLISECONDS);
        }
    }

    /** SIGTERM and SIGINT end the gateway, the second one without patience. */
    void onSignals() {
        for (String name : new String[] {"TERM", "INT"}) {
            Signals.on(name, () -> {
                LOG.info("SIG{}: {}", name, ending ? "ending at once" : "draining");
                begin();
            });
        }
    }

    void begin() {
        begin(config.shutdownLimit());
    }

    /** The same with a limit of its own. */
    void begin(Duration limit) {
        clock.execute(() -> {
            if (handedOver) {
                handedOver = false;
                deadlineNanos = Math.min(deadlineNanos, System.nanoTime() + limit.toNanos());
                listeners.forEach(listener -> listener.drain().begin());
                return;
            }
            if (ending) {
                deadlineNanos = System.nanoTime();
                return;
            }
            ending = true;
            milestones.stopping();
            deadlineNanos = System.nanoTime() + limit.toNanos();
            after(config.shutdownDelay(), () -> {
                listeners.forEach(Listener::close);
                listeners.forEach(listener -> listener.drain().begin());
                look();
            });
        });
    }

    /**
     * Another process accepts from the same sockets: connections end with their next response, those without a call at once, and
     * all within the limit. A signal that comes later shortens that to the usual limit.
     *
     * @param limit how long connections may stay open
     * @param left runs when nothing more is accepted here
     */
    void handOver(Duration limit, Runnable left) {
        clock.execute(() -> {
            listeners.forEach(Listener::leave);
            left.run();
            if (ending) {
                return;
            }
            ending = true;
            handedOver = true;
            deadlineNanos = System.nanoTime() + limit.toNanos();
            listeners.forEach(listener -> listener.drain().beginWhenIdle());
            look();
        });
    }

    /** The gateway has ended. */
    void close() {
        clock.shutdownNow();
    }

    private void look() {
        int open = listeners.stream()
                        .mapToInt(listener -> listener.drain().connections() + listener.arriving())
                        .sum()
                + retiring.stream()
                        .mapToInt(chain -> chain.drain().connections())
                        .sum();
        if (open == 0) {
            done.run();
        } else if (System.nanoTime() >= deadlineNanos) {
            LOG.info("ending what is still open on {} connections", open);
            listeners.forEach(listener -> listener.drain().finish());
            retiring.forEach(chain -> chain.drain().finish());
            after(Duration.ofMillis(FAREWELL_MILLIS), done);
        } else {
            after(Duration.ofMillis(LOOK_MILLIS), this::look);
        }
    }

    private void after(Duration delay, Runnable next) {
        clock.schedule(next, delay.toMillis(), TimeUnit.MILLISECONDS);
    }
}
