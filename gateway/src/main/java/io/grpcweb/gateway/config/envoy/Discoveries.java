package io.grpcweb.gateway.config.envoy;

import io.grpcweb.gateway.config.ClusterConfig.Discovery;
import io.grpcweb.gateway.config.ResourceSource;
import java.time.Duration;
import java.util.Optional;

/** How the names of a cluster become addresses: its {@code type} with the fields beside it, or its {@code cluster_type}. */
final class Discoveries {
    private static final String DNS = "envoy.extensions.clusters.dns.v3.DnsCluster";
    private static final Duration REFRESH = Duration.ofSeconds(5);

    private final Reading reading;
    private final Resolvers resolvers;

    Discoveries(Reading reading, Resolvers resolvers) {
        this.reading = reading;
        this.resolvers = resolvers;
    }

    Discovery read(Msg cluster) {
        Discovery found = names(cluster);
        String service = found.type() == Discovery.Type.EDS
                ? cluster.message("eds_cluster_config")
                        .flatMap(eds -> eds.filled("service_name"))
                        .orElse(cluster.text("name"))
                : "";
        return new Discovery(
                found.type(),
                found.refresh(),
                found.respectTtl(),
                found.family(),
                found.resolver(),
                service,
                cluster.flag("ignore_health_on_host_removal", false),
                found.type() == Discovery.Type.EDS ? source(cluster) : Optional.empty());
    }

    private Optional<ResourceSource> source(Msg cluster) {
        Optional<Msg> eds = cluster.message("eds_cluster_config");
        if (eds.isEmpty()) {
            reading.error(cluster, "", "a cluster of type EDS needs eds_cluster_config");
        }
        return eds.flatMap(config -> new ConfigSources(reading).read(config, "eds_config"));
    }

    private Discovery names(Msg cluster) {
        Optional<Msg> custom = cluster.message("cluster_type");
        if (custom.isEmpty()) {
            return of(
                    Discovery.Type.valueOf(cluster.text("type", "STATIC")), cluster, cluster.text("dns_lookup_family"));
        }
        Optional<Msg> dns = custom.get().message("typed_config").filter(typed -> typed.type()
                .equals(DNS));
        if (dns.isPresent()) {
            Discovery.Type type = dns.get().flag("all_addresses_in_single_endpoint", false)
                    ? Discovery.Type.LOGICAL_DNS
                    : Discovery.Type.STRICT_DNS;
            return of(type, dns.get(), dns.get().text("dns_lookup_family"));
        }
        return of(byName(custom.get()), cluster, cluster.text("dns_lookup_family"));
    }

    private Discovery of(Discovery.Type type, Msg fields, String family) {
        return new Discovery(
                type,
                fields.duration("dns_refresh_rate", REFRESH),
                fields.flag("respect_dns_ttl", false),
                family.isEmpty() || family.equals("UNSPECIFIED")
                        ? Discovery.LookupFamily.AUTO
                        : Discovery.LookupFamily.valueOf(family),
                resolvers.of(fields),
                "",
                false);
    }

    private Discovery.Type byName(Msg custom) {
        String name = custom.text("name");
        return switch (name) {
            case "envoy.cluster.static" -> Discovery.Type.STATIC;
            case "envoy.cluster.strict_dns" -> Discovery.Type.STRICT_DNS;
            case "envoy.cluster.logical_dns" -> Discovery.Type.LOGICAL_DNS;
            case "envoy.cluster.eds" -> Discovery.Type.EDS;
            default -> {
                reading.error(
                        custom,
                        "name",
                        "not supported by this gateway: '" + name + "'; write type: STRICT_DNS, LOGICAL_DNS or STATIC");
                yield Discovery.Type.STRICT_DNS;
            }
        };
    }
}
