package io.grpcweb.gateway.runtime;

import io.grpcweb.gateway.config.Endpoint;
import io.grpcweb.gateway.config.ListenerConfig;
import io.grpcweb.gateway.downstream.RetiredChain;
import io.grpcweb.gateway.dynamic.ListenerSet;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Single listeners of the gateway; a reload of the configuration and this take turns. */
final class LiveListeners implements ListenerSet {
    private final Gateway gateway;
    private final Listeners listeners;
    private final Consumer<List<RetiredChain>> retire;

    /** @param retire lets the connections of filter chains drain */
    LiveListeners(Gateway gateway, Listeners listeners, Consumer<List<RetiredChain>> retire) {
        this.gateway = gateway;
        this.listeners = listeners;
        this.retire = retire;
    }

    @Override
    public Prepared prepare(ListenerConfig config, Runnable warm) throws IOException {
        synchronized (gateway) {
            Listeners.Step step = listeners.prepare(config, gateway.services());
            gateway.warm(warm);
            return new Ready(step);
        }
    }

    /** A step that was made, and is taken under the gateway's lock. */
    private final class Ready implements Prepared {
        private final Listeners.Step step;

        Ready(Listeners.Step step) {
            this.step = step;
        }

        @Override
        public void put() throws IOException, InterruptedException {
            synchronized (gateway) {
                try {
                    step.bind();
                } catch (IOException e) {
                    step.abandon();
                    throw e;
                }
                retire.accept(step.commitFromElsewhere());
                listeners.showCertificates();
            }
        }

        @Override
        public void abandon() {
            synchronized (gateway) {
                step.abandon();
            }
        }
    }

    @Override
    public void requireFree(ListenerConfig config) throws IOException {
        listeners.requireFree(config);
    }

    @Override
    public void reroute(ListenerConfig config) throws IOException {
        synchronized (gateway) {
            listeners.prepare(config, gateway.services()).reroute();
            gateway.warm(() -> {});
        }
    }

    @Override
    public void remove(String name) {
        synchronized (gateway) {
            retire.accept(listeners.without(name, gateway.services()).commit());
        }
    }

    @Override
    public Map<String, Endpoint> configured() {
        return gateway.config().listeners().stream()
                .filter(ListenerConfig::isComplete)
                .collect(Collectors.toMap(ListenerConfig::name, ListenerConfig::address, (one, other) -> one));
    }

    @Override
    public Set<String> draining() {
        return listeners.draining().stream().map(one -> one.config().name()).collect(Collectors.toSet());
    }

    @Override
    public Duration drainTime() {
        return gateway.config().drain().drainTime();
    }
}
