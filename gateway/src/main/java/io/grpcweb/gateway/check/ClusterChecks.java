package io.grpcweb.gateway.check;

import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.net.FileWatch;
import io.grpcweb.gateway.net.Transport;
import io.grpcweb.gateway.schema.ProtoSchema;
import io.grpcweb.gateway.upstream.host.EndpointTls;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Looks at the endpoints of all clusters at once: first at their names, then at the addresses behind them. */
final class ClusterChecks implements AutoCloseable {
    private static final int AT_ONCE = 64;

    private final Surroundings around;
    private final EventLoopGroup loops = Transport.group(1, "check");
    private final ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE, task -> {
        Thread thread = new Thread(task, "check");
        thread.setDaemon(true);
        return thread;
    });
    private final FileWatch files = new FileWatch(Duration.ofHours(1));
    private final List<EndpointTls> opened = new ArrayList<>();
    private final List<Finding> findings = new ArrayList<>();
    private final Map<ClusterConfig, ProtoSchema> services = new LinkedHashMap<>();

    ClusterChecks(Surroundings around) {
        this.around = around;
    }

    List<Finding> findings() {
        return findings;
    }

    /** What the endpoints have told of their services. */
    Map<ClusterConfig, ProtoSchema> services() {
        return services;
    }

    /** @param called the names of those that calls of pages are routed to */
    void run(List<ClusterConfig> clusters, Set<String> called) throws InterruptedException {
        Map<ClusterConfig, ClusterCheck> checks = new LinkedHashMap<>();
        List<Callable<ClusterCheck.Resolved>> names = new ArrayList<>();
        for (ClusterConfig cluster : clusters) {
            if (!cluster.isComplete()) {
                continue;
            }
            try {
                EndpointTls tls = EndpointTls.of(cluster, files);
                opened.add(tls);
                ClusterCheck check =
                        new ClusterCheck(cluster, tls, loops.next(), around, called.contains(cluster.name()));
                checks.put(cluster, check);
                cluster.localities().forEach(place -> place.hosts()
                        .forEach(host -> names.add(() -> check.resolve(place.at(place.priority()), host))));
            } catch (IOException e) {
                found(cluster, e.getMessage(), "correct the file");
            }
            if (cluster.localities().stream().allMatch(place -> place.hosts().isEmpty())) {
                found(cluster, "it has no endpoint", "write the address of a backend");
            }
        }
        List<Callable<ClusterCheck.Result>> looks = new ArrayList<>();
        for (ClusterCheck.Resolved one : all(names)) {
            findings.addAll(one.findings());
            one.targets()
                    .forEach(target ->
                            looks.add(() -> checks.get(target.cluster()).look(target)));
        }
        for (ClusterCheck.Result one : all(looks)) {
            findings.addAll(one.findings());
            one.services().ifPresent(schema -> services.putIfAbsent(one.cluster(), schema));
        }
    }

    private void found(ClusterConfig cluster, String cause, String change) {
        findings.add(Finding.broken("cluster " + cluster.name(), cluster.place().text(), cause, change));
    }

    private <T> List<T> all(List<Callable<T>> tasks) throws InterruptedException {
        List<T> results = new ArrayList<>();
        for (Future<T> one : threads.invokeAll(tasks)) {
            try {
                results.add(one.get());
            } catch (ExecutionException e) {
                throw new IllegalStateException("a check has failed itself: " + e.getCause(), e.getCause());
            }
        }
        return results;
    }

    @Override
    public void close() {
        threads.shutdownNow();
        opened.forEach(EndpointTls::close);
        files.close();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
