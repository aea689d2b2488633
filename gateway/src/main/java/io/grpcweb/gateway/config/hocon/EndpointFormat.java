package io.grpcweb.gateway.config.hocon;

import io.grpcweb.gateway.config.Addresses;
import io.grpcweb.gateway.config.Assignment;
import io.grpcweb.gateway.config.ClusterConfig.Host;
import io.grpcweb.gateway.config.ClusterConfig.Locality;
import io.grpcweb.gateway.config.Endpoint;
import io.grpcweb.gateway.config.Metadata;
import java.util.List;
import java.util.Optional;

/** The endpoints of a cluster in the gateway's own format. */
final class EndpointFormat {
    /** Stands for what is wrong or not there. */
    private static final Host NO_HOST = Host.at(new Endpoint("0.0.0.0", 0));

    private static final Locality NOWHERE = new Locality("", "", "", 0, 1, Metadata.NONE, List.of());

    /** No cluster has these endpoints. */
    static final Assignment USUAL = Assignment.of(List.of(NOWHERE.with(List.of(NO_HOST))));

    private static final Brief<Host> ADDRESS = Brief.of(
            (owner, key, text) -> Optional.of(Host.at(backend(owner, key, text))),
            host -> host.equals(Host.at(host.address())) ? Optional.of(Tree.text(host.address())) : Optional.empty());

    private EndpointFormat() {}

    static Assignment fields(Fields own, Assignment given) {
        return new Assignment(
                localities(own, given.localities()), own.section("spread", given.policy(), EndpointFormat::policy));
    }

    private static Assignment.Policy policy(Fields own, Assignment.Policy given) {
        return new Assignment.Policy(
                own.share("dropped", given.dropped()),
                own.integer("overprovisioning", given.overprovisioning(), 1, Integer.MAX_VALUE),
                given.staleAfter(),
                own.flag("health-by-weight", given.byWeight()));
    }

    /** The endpoints of the only place, if nothing is said of it, stand in the cluster itself. */
    private static List<Locality> localities(Fields own, List<Locality> given) {
        // A start does without the comparison.
        boolean plain = !own.writing() || isPlain(given);
        return own.ifWritten(
                        "localities",
                        Optional.of(given).filter(all -> !plain),
                        List.of(),
                        (fields, all) -> fields.sections("localities", all, NOWHERE, EndpointFormat::locality))
                .orElseGet(() -> {
                    Locality only = given.get(0).with(hosts(own, given.get(0).hosts()));
                    if (only.hosts().isEmpty() || !own.has("endpoints")) {
                        own.error("endpoints", "at least one endpoint is required: endpoints = [\"localhost:50051\"]");
                    }
                    return List.of(only);
                });
    }

    private static boolean isPlain(List<Locality> localities) {
        Locality first = localities.isEmpty() ? NOWHERE : localities.get(0);
        return localities.size() == 1 && !first.hosts().isEmpty() && first.equals(NOWHERE.with(first.hosts()));
    }

    static Locality locality(Fields own, Locality given) {
        return new Locality(
                own.text("region", given.region()),
                own.text("zone", given.zone()),
                own.text("sub-zone", given.subZone()),
                own.integer("priority", given.priority()),
                own.integer("weight", given.weight()),
                metadata(own, given.metadata()),
                hosts(own, given.hosts()));
    }

    private static List<Host> hosts(Fields own, List<Host> given) {
        return own.sections("endpoints", given, NO_HOST, EndpointFormat::host, ADDRESS);
    }

    private static Host host(Fields own, Host given) {
        if (!own.has("address")) {
            own.error("", "'address' is required");
        }
        Endpoint address = backend(own, "address", own.text("address", Tree.text(given.address())));
        return new Host(
                address,
                additional(own, given.additional(), address),
                own.text("hostname", given.hostname()),
                own.integer("weight", given.weight()),
                own.choice("health", given.health()),
                own.integer("health-port", given.healthPort(), 0, 65_535),
                metadata(own, given.metadata()),
                own.flag("checked", given.checked()));
    }

    private static Endpoint backend(Fields own, String key, String text) {
        Optional<Endpoint> address = Endpoint.parse(text);
        if (address.isEmpty()) {
            own.error(
                    key,
                    text.startsWith("srv:")
                            ? "'" + text
                                    + "' is no name of SRV records: write \"srv:_grpc._tcp.backend.example\", without"
                                    + " a port, which the records have"
                            : "'" + text + "' is not an address: write \"HOST:PORT\", \"unix:/path\" or"
                                    + " \"srv:_SERVICE._tcp.NAME\"");
        }
        if (address.isPresent() && address.get().isSrv() && own.has("weight")) {
            own.error("weight", "the records of " + text + " have weights");
        }
        return address.orElse(NO_HOST.address());
    }

    private static List<Endpoint> additional(Fields host, List<Endpoint> given, Endpoint address) {
        List<Endpoint> additional = host.endpoints("additional-addresses", given);
        if (!additional.isEmpty() && (!address.hasPort() || !Addresses.isIp(address.host()))) {
            host.error(
                    "additional-addresses",
                    "'" + address + "' is no IP address: one endpoint has several of them, or a name");
        }
        return additional;
    }

    /** What is said for others to read. */
    static Metadata metadata(Fields own, Metadata given) {
        return Metadata.of(own.map("metadata", given.byReader()));
    }
}
