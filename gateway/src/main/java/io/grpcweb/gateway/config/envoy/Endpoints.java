package io.grpcweb.gateway.config.envoy;

import io.grpcweb.gateway.config.Addresses;
import io.grpcweb.gateway.config.Assignment;
import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.ClusterConfig.Discovery;
import io.grpcweb.gateway.config.Endpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A {@code ClusterLoadAssignment}: the endpoints of a cluster in its file, or as a control plane sends them. */
final class Endpoints {
    private final Reading reading;

    Endpoints(Reading reading) {
        this.reading = reading;
    }

    /** @param type of the cluster: where it resolves no names, an endpoint is an IP address */
    Assignment read(Msg assignment, Discovery.Type type) {
        List<ClusterConfig.Locality> found = new ArrayList<>();
        List<Msg> localities = assignment.messages("endpoints");
        // Where some have a weight, one without gets nothing; where there is one alone, its weight does not matter.
        int unweighted = localities.size() == 1 ? 1 : 0;
        for (Msg locality : localities) {
            List<ClusterConfig.Host> here = new ArrayList<>();
            for (Msg endpoint : locality.messages("lb_endpoints")) {
                here.add(host(endpoint, type));
            }
            Optional<Msg> where = locality.message("locality");
            found.add(new ClusterConfig.Locality(
                    where.map(one -> one.text("region")).orElse(""),
                    where.map(one -> one.text("zone")).orElse(""),
                    where.map(one -> one.text("sub_zone")).orElse(""),
                    locality.integer("priority", 0),
                    locality.integer("load_balancing_weight", unweighted),
                    Reading.metadata(locality, "metadata"),
                    here));
        }
        return new Assignment(
                found, assignment.message("policy").map(this::policy).orElse(Assignment.Policy.DEFAULT));
    }

    private Assignment.Policy policy(Msg policy) {
        Assignment.Policy otherwise = Assignment.Policy.DEFAULT;
        List<Msg> drops = policy.messages("drop_overloads");
        if (drops.size() > 1) {
            reading.error(policy, "drop_overloads", "there may be one category, not " + drops.size());
        }
        return new Assignment.Policy(
                drops.isEmpty()
                        ? 0
                        : drops.get(0)
                                .message("drop_percentage")
                                .map(Reading::fraction)
                                .orElse(0.0),
                policy.integer("overprovisioning_factor", otherwise.overprovisioning()),
                policy.duration("endpoint_stale_after", Duration.ZERO),
                policy.flag("weighted_priority_health", false));
    }

    private ClusterConfig.Host host(Msg endpoint, Discovery.Type type) {
        Optional<Msg> content = endpoint.message("endpoint");
        Optional<Msg> given = content.flatMap(one -> one.message("address"));
        Endpoint address = given.map(reading::address).orElse(new Endpoint("", 0));
        if (given.isEmpty() && !content.map(one -> one.has("address")).orElse(false)) {
            reading.error(endpoint, "", "endpoint.address is required");
        } else if ((type == Discovery.Type.STATIC || type == Discovery.Type.EDS)
                && !address.isPipe()
                && !address.host().isEmpty()
                && !isIp(address)) {
            reading.error(
                    given.orElse(endpoint),
                    "socket_address",
                    "malformed IP address: '" + address.host() + "' in " + (type == Discovery.Type.EDS ? "an " : "a ")
                            + type + " cluster; write type: STRICT_DNS for a name");
        }
        int port = content.flatMap(one -> one.message("health_check_config"))
                .map(config -> config.integer("port_value", 0))
                .orElse(0);
        return new ClusterConfig.Host(
                address,
                content.map(one -> additional(one, address)).orElse(List.of()),
                content.map(one -> one.text("hostname")).orElse(""),
                endpoint.integer("load_balancing_weight", 1),
                ClusterConfig.HealthStatus.valueOf(endpoint.text("health_status", "UNKNOWN")),
                port,
                Reading.metadata(endpoint, "metadata"),
                !content.flatMap(one -> one.message("health_check_config"))
                        .map(config -> config.flag("disable_active_health_check", false))
                        .orElse(false));
    }

    private List<Endpoint> additional(Msg endpoint, Endpoint first) {
        List<Endpoint> found = new ArrayList<>();
        for (Msg one : endpoint.messages("additional_addresses")) {
            Endpoint address = one.message("address").map(reading::address).orElse(new Endpoint("", 0));
            if (!isIp(first) || !isIp(address)) {
                reading.error(
                        one,
                        "address",
                        "not supported by this gateway: the addresses of an endpoint that has"
                                + " several are IP addresses, not '" + (isIp(first) ? address : first) + "'");
            }
            found.add(address);
        }
        return found;
    }

    private static boolean isIp(Endpoint address) {
        return !address.isPipe() && Addresses.isIp(address.host());
    }
}
