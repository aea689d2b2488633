package io.grpcweb.gateway.upstream.health;

import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.stats.HealthCheckStats;
import io.grpcweb.gateway.upstream.host.EndpointTls;
import io.grpcweb.gateway.upstream.host.HealthFlag;
import io.grpcweb.gateway.upstream.host.Host;
import io.grpcweb.gateway.upstream.host.UpstreamTls;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The active health checks of a cluster: a session for each endpoint. Confined to the cluster's loop. */
public final class HealthChecker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HealthChecker.class);

    private final ClusterConfig cluster;
    private final EventLoop loop;
    private final EndpointTls tls;
    private final BooleanSupplier traffic;
    private final HealthCheckStats stats;
    private final Listener listener;
    private final Map<Host, List<Session>> sessions = new LinkedHashMap<>();
    private Runnable allAsked;

    /** Is told of every check that has ended, and whether the endpoint's flags changed by it. */
    public interface Listener {
        void checked(Host host, HealthState.Result result, boolean changed);
    }

    /**
     * For a cluster with health checks; an endpoint is well when each of them finds it so.
     *
     * @param tls null where no endpoint is spoken to over it
     * @param traffic whether the cluster has ever had a connection
     */
    public HealthChecker(
            ClusterConfig cluster,
            EventLoop loop,
            EndpointTls tls,
            BooleanSupplier traffic,
            HealthCheckStats stats,
            Listener listener) {
        this.cluster = cluster;
        this.loop = loop;
        this.tls = tls;
        this.traffic = traffic;
        this.stats = stats;
        this.listener = listener;
    }

    public void added(List<Host> hosts) {
        for (Host host : hosts) {
            if (!host.isChecked()) {
                continue;
            }
            List<HealthState> together = new ArrayList<>();
            List<Session> here = cluster.healthChecks().stream()
                    .map(check -> new Session(check, host, together))
                    .toList();
            sessions.put(host, here);
            here.forEach(Session::start);
        }
    }

    public void removed(List<Host> hosts) {
        for (Host host : hosts) {
            sessions.getOrDefault(host, List.of()).forEach(Session::close);
            sessions.remove(host);
        }
        tellWhenAllAsked();
    }

    /** A response to a call says that its endpoint is not well; it gets none until its checks say otherwise. */
    public void saysSo(Host host) {
        boolean news = false;
        for (Session session : sessions.getOrDefault(host, List.of())) {
            news |= session.state.saysSo();
        }
        if (news) {
            LOG.warn("cluster {}: {} asks for no more calls", cluster.name(), host);
            listener.checked(host, HealthState.Result.BAD, true);
        }
    }

    /** {@code action} runs once, when a first check of each endpoint has ended. */
    public void whenAllAsked(Runnable action) {
        allAsked = action;
        tellWhenAllAsked();
    }

    private void tellWhenAllAsked() {
        Runnable action = allAsked;
        if (action != null
                && sessions.values().stream().flatMap(List::stream).noneMatch(session -> session.state.isFirst())) {
            allAsked = null;
            action.run();
        }
    }

    @Override
    public void close() {
        sessions.values().forEach(here -> here.forEach(Session::close));
        sessions.clear();
    }

    private HealthProbe probe(ClusterConfig.HealthCheck config, Host host) {
        String authority = config.host().isEmpty() ? cluster.name() : config.host();
        UpstreamTls own = tls == null ? null : tls.of(host);
        return switch (config.kind()) {
            case TCP -> new TcpProbe(config, loop, host, own);
            case GRPC -> new Http2Probe(config, authority, loop, host, own);
            case HTTP ->
                config.http2()
                        ? new Http2Probe(config, authority, loop, host, own)
                        : new Http1Probe(config, authority, loop, host, own);
        };
    }

    /** The checks of one kind of one endpoint, one after another. */
    private final class Session {
        private final ClusterConfig.HealthCheck config;
        private final Host host;
        private final HealthState state;
        private final HealthProbe probe;
        private Future<?> timer;
        private boolean closed;

        Session(ClusterConfig.HealthCheck config, Host host, List<HealthState> together) {
            this.config = config;
            this.host = host;
            this.state = new HealthState(config, host, together);
            this.probe = probe(config, host);
        }

        void start() {
            long jitter = config.initialJitter().toNanos();
            if (jitter == 0) {
                check();
            } else {
                timer = loop.schedule(this::check, ThreadLocalRandom.current().nextLong(jitter), TimeUnit.NANOSECONDS);
            }
        }

        private void check() {
            stats.attempt.increment();
            timer = loop.schedule(this::tookTooLong, config.timeout().toNanos(), TimeUnit.NANOSECONDS);
            probe.ask(this::ended);
        }

        private void tookTooLong() {
            probe.abandon();
            ended(HealthState.Result.TIMEOUT);
        }

        private void ended(HealthState.Result result) {
            if (closed) {
                return;
            }
            timer.cancel(false);
            count(result);
            boolean wasFailed = host.has(HealthFlag.FAILED_ACTIVE_HC);
            boolean first = state.isFirst();
            HealthState.Step step = state.on(result, traffic.getAsBoolean(), System.nanoTime());
            log(result, wasFailed, first);
            Duration pause = HealthState.jittered(
                    config, step.pause(), ThreadLocalRandom.current().nextLong());
            timer = loop.schedule(this::check, pause.toNanos(), TimeUnit.NANOSECONDS);
            listener.checked(host, result, step.changed());
            if (first) {
                tellWhenAllAsked();
            }
        }

        private void count(HealthState.Result result) {
            (result.isGood() ? stats.success : stats.failure).increment();
            if (result == HealthState.Result.UNREACHABLE || result == HealthState.Result.TIMEOUT) {
                stats.networkFailure.increment();
            }
        }

        private void log(HealthState.Result result, boolean wasFailed, boolean first) {
            boolean failed = host.has(HealthFlag.FAILED_ACTIVE_HC);
            if (failed && (!wasFailed || first)) {
                LOG.warn("cluster {}: {} fails its health check: {}", cluster.name(), host, result);
            } else if (wasFailed && !failed) {
                LOG.info("cluster {}: {} passes its health check", cluster.name(), host);
            }
        }

        void close() {
            closed = true;
            if (timer != null) {
                timer.cancel(false);
            }
            probe.close();
        }
    }
}
