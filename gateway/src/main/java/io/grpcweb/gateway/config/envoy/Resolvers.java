package io.grpcweb.gateway.config.envoy;

import io.grpcweb.gateway.config.Addresses;
import io.grpcweb.gateway.config.ClusterConfig.Resolver;
import io.grpcweb.gateway.config.Endpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Who is asked for the names of a cluster: its {@code typed_dns_resolver_config}, else one of the older fields for it, else
 * what the bootstrap says for all.
 */
final class Resolvers {
    private static final String CARES = "envoy.extensions.network.dns_resolver.cares.v3.CaresDnsResolverConfig";
    private static final int PORT = 53;

    private final Reading reading;
    private final Resolver common;

    Resolvers(Reading reading, Msg bootstrap) {
        this.reading = reading;
        this.common = of(bootstrap, Resolver.SYSTEM);
    }

    Resolver of(Msg cluster) {
        return of(cluster, common);
    }

    private Resolver of(Msg owner, Resolver otherwise) {
        Optional<Msg> typed =
                owner.message("typed_dns_resolver_config").flatMap(config -> config.message("typed_config"));
        if (typed.isPresent()) {
            return typed.get().type().equals(CARES) ? cares(typed.get()) : Resolver.SYSTEM;
        }
        Optional<Msg> resolution = owner.message("dns_resolution_config");
        if (resolution.isPresent()) {
            return cares(resolution.get());
        }
        if (owner.has("dns_resolvers") || owner.flag("use_tcp_for_dns_lookups", false)) {
            List<Endpoint> servers = servers(owner, "dns_resolvers");
            return new Resolver(
                    servers.isEmpty() ? otherwise.servers() : servers,
                    otherwise.rotate(),
                    tcp(owner),
                    otherwise.search(),
                    otherwise.timeout(),
                    otherwise.tries(),
                    otherwise.maxPayload());
        }
        return otherwise;
    }

    /** A {@code CaresDnsResolverConfig}, or the older {@code DnsResolutionConfig}, whose fields are some of those. */
    private Resolver cares(Msg config) {
        Resolver otherwise = Resolver.SYSTEM;
        Optional<Msg> options = config.message("dns_resolver_options");
        return new Resolver(
                servers(config, "resolvers"),
                config.flag("rotate_nameservers", otherwise.rotate()),
                options.map(this::tcp).orElse(otherwise.tcp()),
                !options.map(one -> one.flag("no_default_search_domain", false)).orElse(false),
                config.has("query_timeout_seconds")
                        ? Duration.ofSeconds(Math.min(3600, config.number("query_timeout_seconds", 0)))
                        : otherwise.timeout(),
                Math.min(100, config.integer("query_tries", otherwise.tries())),
                config.integer("edns0_max_payload_size", otherwise.maxPayload()));
    }

    private boolean tcp(Msg owner) {
        boolean tcp = owner.flag("use_tcp_for_dns_lookups", false);
        if (tcp) {
            reading.warn(
                    owner,
                    "use_tcp_for_dns_lookups",
                    "name servers are asked over UDP first, and over TCP where no answer comes or it is too long");
        }
        return tcp;
    }

    private List<Endpoint> servers(Msg owner, String field) {
        List<Endpoint> found = new ArrayList<>();
        for (Msg one : owner.messages(field)) {
            Endpoint server = reading.address(one);
            if (server.isPipe() || !Addresses.isIp(server.host())) {
                reading.error(one, "", "DNS resolver '" + server.host() + "' is not an IP address");
            }
            found.add(server.port() == 0 ? new Endpoint(server.host(), PORT) : server);
        }
        return found;
    }
}
