package io.grpcweb.gateway.config.hocon;

import io.grpcweb.gateway.config.Addresses;
import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.GatewayConfig;
import java.util.ArrayList;
import java.util.List;

/** What is allowed and may still be a mistake: open doors of a configuration. */
final class Cautions {

    /** One sentence, and where it belongs. */
    record Caution(String place, String text) {}

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
        return found;
    }
}
