package io.grpcweb.gateway.check;

import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.config.RouteConfig;
import io.grpcweb.gateway.filter.grpcweb.GrpcWebConfig;
import io.grpcweb.gateway.net.FileWatch;
import io.grpcweb.gateway.net.Transport;
import io.grpcweb.gateway.schema.ProtoSchema;
import io.grpcweb.gateway.upstream.host.EndpointTls;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Looks at a whole configuration: listeners, clusters, routes, and pages. Nothing is changed, and nothing listens. */
public final class Checkup {
    private static final int AT_ONCE = 64;

    private final Surroundings around;
    private final PageTrials trials;

    /** @param trials passes requests of pages through filter chains */
    public Checkup(Surroundings around, PageTrials trials) {
        this.around = around;
        this.trials = trials;
    }

    /** What was found, the listeners first. */
    public List<Finding> of(GatewayConfig config) throws InterruptedException {
        List<Finding> findings = new ArrayList<>(new ListenerCheck(around).of(config));
        if (!config.isComplete()) {
            findings.add(Finding.doubtful(
                    "",
                    "",
                    "some of it comes from a control plane, and is not looked at",
                    "ask the running gateway: gateway explain --admin"));
        }
        Map<ClusterConfig, ProtoSchema> services = new LinkedHashMap<>();
        findings.addAll(clusters(config, services));
        findings.addAll(new ReachCheck(config.listeners(), around.words()).of(services));
        PageCheck pages = new PageCheck(around, trials);
        config.listeners().forEach(listener -> findings.addAll(pages.of(listener)));
        return List.copyOf(new LinkedHashSet<>(findings));
    }

    private List<Finding> clusters(GatewayConfig config, Map<ClusterConfig, ProtoSchema> services)
            throws InterruptedException {
        List<Finding> findings = new ArrayList<>();
        Set<String> called = called(config);
        EventLoopGroup loops = Transport.group(1, "check");
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE, task -> {
            Thread thread = new Thread(task, "check");
            thread.setDaemon(true);
            return thread;
        });
        List<EndpointTls> opened = new ArrayList<>();
        try (FileWatch files = new FileWatch(Duration.ofHours(1))) {
            List<Callable<ClusterCheck.Resolved>> names = new ArrayList<>();
            Map<ClusterConfig, ClusterCheck> checks = new LinkedHashMap<>();
            for (ClusterConfig cluster : config.clusters()) {
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
                    findings.add(Finding.broken(
                            "cluster " + cluster.name(), cluster.place().text(), e.getMessage(), "correct the file"));
                }
                if (cluster.localities().stream()
                        .allMatch(place -> place.hosts().isEmpty())) {
                    findings.add(Finding.broken(
                            "cluster " + cluster.name(),
                            cluster.place().text(),
                            "it has no endpoint",
                            "write the address of a backend"));
                }
            }
            List<Callable<ClusterCheck.Result>> looks = new ArrayList<>();
            for (ClusterCheck.Resolved one : all(threads, names)) {
                findings.addAll(one.findings());
                one.targets()
                        .forEach(target ->
                                looks.add(() -> checks.get(target.cluster()).look(target)));
            }
            for (ClusterCheck.Result one : all(threads, looks)) {
                findings.addAll(one.findings());
                one.services().ifPresent(schema -> services.putIfAbsent(one.cluster(), schema));
            }
        } finally {
            threads.shutdownNow();
            opened.forEach(EndpointTls::close);
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
        return findings;
    }

    private static <T> List<T> all(ExecutorService threads, List<Callable<T>> tasks) throws InterruptedException {
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

    /** The clusters that calls are routed to. */
    private static Set<String> called(GatewayConfig config) {
        Set<String> names = new LinkedHashSet<>();
        config.listeners().stream()
                .flatMap(listener -> listener.chains().stream())
                .filter(chain -> chain.http().filters().stream().anyMatch(GrpcWebConfig.class::isInstance))
                .flatMap(chain -> chain.http().routes().virtualHosts().stream())
                .flatMap(host -> host.routes().stream())
                .map(RouteConfig.Route::action)
                .filter(RouteConfig.Forward.class::isInstance)
                .map(RouteConfig.Forward.class::cast)
                .forEach(forward -> names.addAll(forward.clusterNames()));
        return names;
    }
}
