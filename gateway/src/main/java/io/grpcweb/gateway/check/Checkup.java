package io.grpcweb.gateway.check;

import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.config.RouteConfig;
import io.grpcweb.gateway.filter.grpcweb.GrpcWebConfig;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Looks at a whole configuration: listeners, clusters, routes, and pages. Nothing is changed, and nothing listens. */
public final class Checkup {
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
        try (ClusterChecks clusters = new ClusterChecks(around)) {
            clusters.run(config.clusters(), called(config));
            findings.addAll(clusters.findings());
            findings.addAll(new ReachCheck(config.listeners(), around.words()).of(clusters.services()));
        }
        PageCheck pages = new PageCheck(around, trials);
        config.listeners().forEach(listener -> findings.addAll(pages.of(listener)));
        return List.copyOf(new LinkedHashSet<>(findings));
    }

    /** The clusters that calls are routed to. */
    private static Set<String> called(GatewayConfig config) {
        Set<String> names = new LinkedHashSet<>();
        config.listeners().stream()
                .flatMap(listener -> listener.httpChains().stream())
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
