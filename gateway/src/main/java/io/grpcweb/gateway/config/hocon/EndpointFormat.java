package io.grpcweb.gateway.config.hocon;

import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.grpcweb.gateway.config.Addresses;
import io.grpcweb.gateway.config.Assignment;
import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.ClusterConfig.Host;
import io.grpcweb.gateway.config.ClusterConfig.Locality;
import io.grpcweb.gateway.config.Endpoint;
import io.grpcweb.gateway.config.Metadata;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The endpoints of a cluster in the gateway's own format. */
final class EndpointFormat {
    private static final Locality NOWHERE = new Locality("", "", "", 0, 1, Metadata.NONE, List.of());

    private EndpointFormat() {}

    static Assignment read(Section cluster) {
        return new Assignment(localities(cluster), policy(cluster));
    }

    private static Assignment.Policy policy(Section cluster) {
        Assignment.Policy otherwise = Assignment.Policy.DEFAULT;
        Section given = cluster.sectionOrEmpty("spread");
        return new Assignment.Policy(
                given.share("dropped", otherwise.dropped()),
                given.integer("overprovisioning", otherwise.overprovisioning(), 1, Integer.MAX_VALUE),
                Duration.ZERO,
                given.flag("health-by-weight", otherwise.byWeight()));
    }

    private static List<Locality> localities(Section cluster) {
        List<Locality> found = new ArrayList<>();
        if (cluster.has("localities")) {
            for (Section one : cluster.sections("localities")) {
                found.add(new Locality(
                        one.text("region", ""),
                        one.text("zone", ""),
                        one.text("sub-zone", ""),
                        one.integer("priority", 0),
                        one.integer("weight", 1),
                        metadata(one),
                        hosts(one)));
            }
        } else {
            List<Host> hosts = hosts(cluster);
            found.add(new Locality("", "", "", 0, 1, Metadata.NONE, hosts));
            if (hosts.isEmpty() && cluster.items("endpoints").isEmpty()) {
                cluster.error("endpoints", "at least one endpoint is required: endpoints = [\"localhost:50051\"]");
            }
        }
        return found;
    }

    private static List<Host> hosts(Section owner) {
        List<Host> hosts = new ArrayList<>();
        int index = 0;
        for (ConfigValue item : owner.items("endpoints")) {
            String where = owner.path("endpoints") + "[" + index++ + "]";
            if (item.valueType() == ConfigValueType.STRING) {
                backend(owner, "endpoints", (String) item.unwrapped())
                        .map(Host::at)
                        .ifPresent(hosts::add);
                continue;
            }
            owner.section(item, where).ifPresent(one -> {
                if (!one.has("address")) {
                    one.error("", "'address' is required");
                }
                one.text("address")
                        .flatMap(text -> backend(one, "address", text))
                        .ifPresent(address -> hosts.add(new Host(
                                address,
                                additional(one, address),
                                one.text("hostname", ""),
                                one.integer("weight", 1),
                                one.choice(
                                        "health", ClusterConfig.HealthStatus.class, ClusterConfig.HealthStatus.UNKNOWN),
                                one.integer("health-port", 0, 0, 65_535),
                                metadata(one))));
            });
        }
        return hosts;
    }

    private static Optional<Endpoint> backend(Section section, String key, String text) {
        Optional<Endpoint> address = Endpoint.parse(text);
        if (address.isEmpty()) {
            section.error(
                    key,
                    text.startsWith("srv:")
                            ? "'" + text
                                    + "' is no name of SRV records: write \"srv:_grpc._tcp.backend.example\", without"
                                    + " a port, which the records have"
                            : "'" + text + "' is not an address: write \"HOST:PORT\", \"unix:/path\" or"
                                    + " \"srv:_SERVICE._tcp.NAME\"");
        }
        if (address.isPresent() && address.get().isSrv() && section.has("weight")) {
            section.error("weight", "the records of " + text + " have weights");
        }
        return address;
    }

    private static List<Endpoint> additional(Section host, Endpoint address) {
        List<Endpoint> additional = host.endpoints("additional-addresses");
        if (!additional.isEmpty() && (!address.hasPort() || !Addresses.isIp(address.host()))) {
            host.error(
                    "additional-addresses",
                    "'" + address + "' is no IP address: one endpoint has several of them, or a name");
        }
        return additional;
    }

    private static Metadata metadata(Section owner) {
        return owner.has("metadata") && owner.plain("metadata") instanceof Map<?, ?> fields
                ? Metadata.of(fields)
                : Metadata.NONE;
    }

    static void write(Tree tree, Assignment assignment) {
        List<Locality> localities = assignment.localities();
        boolean plain = localities.size() == 1
                && !localities.get(0).hosts().isEmpty()
                && localities.get(0).equals(moved(localities.get(0)));
        if (plain) {
            writeHosts(tree, localities.get(0));
        } else {
            tree.put(
                    "localities", localities.stream().map(EndpointFormat::write).toList());
        }
        Assignment.Policy policy = assignment.policy();
        Assignment.Policy otherwise = Assignment.Policy.DEFAULT;
        tree.section(
                "spread",
                new Tree()
                        .put("dropped", policy.dropped(), otherwise.dropped())
                        .put("overprovisioning", policy.overprovisioning(), otherwise.overprovisioning())
                        .put("health-by-weight", policy.byWeight(), otherwise.byWeight()));
    }

    /** The same endpoints without a place. */
    private static Locality moved(Locality locality) {
        return new Locality(
                NOWHERE.region(),
                NOWHERE.zone(),
                NOWHERE.subZone(),
                NOWHERE.priority(),
                NOWHERE.weight(),
                NOWHERE.metadata(),
                locality.hosts());
    }

    private static Tree write(Locality locality) {
        Tree tree = new Tree()
                .put("region", locality.region(), "")
                .put("zone", locality.zone(), "")
                .put("sub-zone", locality.subZone(), "")
                .put("priority", locality.priority(), 0)
                .put("weight", locality.weight(), 1)
                .put("metadata", locality.metadata().byReader(), Map.of());
        writeHosts(tree, locality);
        return tree;
    }

    private static void writeHosts(Tree tree, Locality locality) {
        List<Object> written = new ArrayList<>();
        for (Host host : locality.hosts()) {
            written.add(
                    host.equals(Host.at(host.address()))
                            ? host.address()
                            : new Tree()
                                    .put("address", host.address())
                                    .list("additional-addresses", host.additional())
                                    .put("hostname", host.hostname(), "")
                                    .put("weight", host.weight(), 1)
                                    .put("health", host.health(), ClusterConfig.HealthStatus.UNKNOWN)
                                    .put("health-port", host.healthPort(), 0)
                                    .put("metadata", host.metadata().byReader(), Map.of()));
        }
        tree.put("endpoints", written);
    }
}
