package io.grpcweb.gateway.config.hocon;

import io.grpcweb.gateway.config.Addresses;
import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.CorsPolicy;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.config.ListenerConfig;
import io.grpcweb.gateway.config.RouteConfig;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What is allowed and may still be a mistake: open doors of a configuration. */
final class Cautions {

    /** One sentence, and where it belongs. */
    record Caution(String place, String text) {}

    private Cautions() {}

    static List<Caution> of(GatewayConfig config) {
        List<Caution> found = new ArrayList<>();
        config.admin()
                .filter(admin -> !Addresses.isLoopback(admin.host()))
                .ifPresent(admin -> found.add(new Caution(
                        "admin.listen",
                        "the admin pages are open to everyone who reaches " + admin.host() + ":" + admin.port()
                                + ", and they can end the gateway")));
        for (ClusterConfig cluster : config.clusters()) {
            if (cluster.tls().map(tls -> !tls.verify()).orElse(false)) {
                found.add(new Caution(
                        cluster.place().text(),
                        "THE CERTIFICATES OF THESE BACKENDS ARE NOT VERIFIED: anyone can pretend to be them"));
            }
        }
        Set<String> seen = new LinkedHashSet<>();
        for (ListenerConfig listener : config.listeners()) {
            for (ListenerConfig.FilterChain chain : listener.chains()) {
                for (RouteConfig.VirtualHost host : chain.http().routes().virtualHosts()) {
                    openCors(host.cors(), seen, found);
                    host.routes().forEach(route -> openCors(route.cors(), seen, found));
                }
            }
        }
        return found;
    }

    private static void openCors(Optional<CorsPolicy> cors, Set<String> seen, List<Caution> found) {
        cors.filter(policy -> policy.allowCredentials().orElse(false))
                .filter(policy -> policy.origins().stream().anyMatch(origin -> origin.matches("*")))
                .filter(policy -> seen.add(policy.place().text()))
                .ifPresent(policy -> found.add(
                        new Caution(policy.place().text(), "EVERY origin may call with the cookies of the user")));
    }
}
