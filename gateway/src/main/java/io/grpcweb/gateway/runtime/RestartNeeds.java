package io.grpcweb.gateway.runtime;

import io.grpcweb.gateway.config.GatewayConfig;
import java.util.ArrayList;
import java.util.List;

/** What of another configuration takes a restart: the gateway serves on with what it had. */
final class RestartNeeds {
    private RestartNeeds() {}

    /** A sentence for each part that differs and cannot change while the gateway serves. */
    static List<String> between(GatewayConfig now, GatewayConfig next) {
        List<String> later = new ArrayList<>();
        if (!now.admin().equals(next.admin())) {
            later.add("the admin listener changes with a restart only");
        }
        if (!now.overload().equals(next.overload())) {
            later.add("what is done about overload changes with a restart only");
        }
        if (!now.node().equals(next.node())) {
            later.add("the node changes with a restart only");
        }
        if (!now.dynamic().isSame(next.dynamic())) {
            later.add("where listeners and clusters come from changes with a restart only");
        }
        if (!needy(now).equals(needy(next))) {
            later.add("listeners and clusters that need something from elsewhere change with a restart only");
        }
        return later;
    }

    /** What of a configuration needs something from elsewhere. */
    private static List<Object> needy(GatewayConfig of) {
        List<Object> found = new ArrayList<>();
        of.listeners().stream().filter(one -> !one.isComplete()).forEach(found::add);
        of.clusters().stream().filter(one -> !one.isComplete()).forEach(found::add);
        return found;
    }
}
