package io.grpcweb.gateway.config.hocon;

import io.grpcweb.gateway.config.Addresses;
import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.config.RouteConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What is allowed and may still be a mistake: open doors of a configuration. */
final class Cautions {

    /** One sentence, and where it belongs. */
    record Caution(String place, String text) {}

    /** Conditions that hold after a backend has begun to work, too. */
    private static final Set<String> EXECUTED =
            Set.of("5xx", "gateway-error", "reset", "cancelled", "deadline-exceeded", "internal");

    private Cautions() {}

    static List<Caution> of(GatewayConfig config) {
        List<Caution> found = new ArrayList<>();
        config.admin()
                .filter(admin -> !admin.address().isPipe() && !Addresses.isLoopback(admin.host()))
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
        config.listeners().stream()
                .flatMap(listener -> listener.httpChains().stream())
                .flatMap(chain -> chain.http().routes().virtualHosts().stream())
                .flatMap(host -> host.routes().stream())
                .forEach(route -> repeated(route, found));
        return found;
    }

    /** Calls that a backend has perhaps executed are sent again. */
    private static void repeated(RouteConfig.Route route, List<Caution> found) {
        if (!(route.action() instanceof RouteConfig.Forward forward)
                || forward.retry().isEmpty()) {
            return;
        }
        List<String> risky =
                forward.retry().get().on().stream().filter(EXECUTED::contains).toList();
        if (!risky.isEmpty()) {
            found.add(new Caution(
                    route.place().text(),
                    "retry.on = " + risky
                            + " sends calls again that a backend may have executed: what is not idempotent"
                            + " happens twice; descriptor-sets and method-defaults retry only what may be"));
        }
    }
}
