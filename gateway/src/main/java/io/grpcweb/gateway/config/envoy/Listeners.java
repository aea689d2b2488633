package io.grpcweb.gateway.config.envoy;

import io.grpcweb.gateway.config.Addresses;
import io.grpcweb.gateway.config.ChainMatch;
import io.grpcweb.gateway.config.Endpoint;
import io.grpcweb.gateway.config.ListenerConfig;
import io.grpcweb.gateway.config.TcpConfig;
import io.grpcweb.gateway.config.TlsConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** The listeners of a bootstrap. */
final class Listeners {
    private static final String MANAGER =
            "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager";
    private static final String CONNECTION_LIMIT =
            "envoy.extensions.filters.network.connection_limit.v3.ConnectionLimit";

    private final Reading reading;
    private final HttpManagers managers;
    private final TcpProxies proxies;
    private final AccessLogs logs;
    private final Tls tls;
    private final ConfigSources sources;
    private final ChainMatches matches;

    Listeners(Reading reading, Matchers matchers, Tls tls, AccessLogs logs) {
        this.reading = reading;
        this.logs = logs;
        this.managers = new HttpManagers(reading, matchers, logs);
        this.proxies = new TcpProxies(reading, logs);
        this.tls = tls;
        this.sources = new ConfigSources(reading);
        this.matches = new ChainMatches(reading, matchers);
    }

    List<ListenerConfig> read(List<Msg> listeners) {
        List<ListenerConfig> found = new ArrayList<>();
        Set<String> names = new HashSet<>();
        Map<Endpoint, Msg> addresses = new HashMap<>();
        for (Msg listener : listeners) {
            ListenerConfig one = listener(listener);
            if (!names.add(one.name())) {
                reading.error(listener, "name", "two listeners are called '" + one.name() + "'");
            }
            Msg other = isUdp(listener) ? null : addresses.put(one.address(), listener);
            if (other != null && one.address().port() != 0) {
                reading.error(
                        listener,
                        "address",
                        one.address() + " is taken by the listener at line "
                                + other.mark().line());
            }
            found.add(one);
        }
        return found;
    }

    private ListenerConfig listener(Msg listener) {
        Optional<Msg> given = listener.message("address");
        if (given.isEmpty() && !listener.has("address")) {
            reading.error(
                    listener,
                    "",
                    "address is required: address: {socket_address: {address: 0.0.0.0, port_value: 8080}}");
        }
        Endpoint address = given.map(reading::address).orElse(new Endpoint("", 0));
        given.ifPresent(where -> requireIp(where, address));
        List<Msg> chains = new ArrayList<>(listener.messages("filter_chains"));
        Optional<Msg> otherwise = listener.message("default_filter_chain");
        otherwise.ifPresent(chains::add);
        if (chains.isEmpty() && !listener.has("filter_chains")) {
            reading.error(listener, "", "filter_chains is required");
        }
        reading.outbound = listener.text("traffic_direction").equals("OUTBOUND");
        List<ListenerConfig.FilterChain> read = new ArrayList<>();
        OptionalInt limit = OptionalInt.empty();
        for (Msg chain : chains) {
            chain(chain, otherwise.filter(one -> one == chain).isPresent()).ifPresent(read::add);
            OptionalInt here = connectionLimit(chain);
            limit = here.isPresent() ? here : limit;
        }
        matches.distinct(listener, read);
        return new ListenerConfig(
                listener.filled("name").orElse(address.toString()),
                address,
                read,
                proxyProtocol(listener, chains),
                limit,
                listener.integer("per_connection_buffer_limit_bytes", ListenerConfig.DEFAULT_BUFFER_BYTES),
                listener.filled("stat_prefix"),
                logs.local(listener),
                new ListenerConfig.Admission(
                        !listener.flag("ignore_global_conn_limit", false),
                        !listener.flag("bypass_overload_manager", false),
                        0,
                        0),
                listener.text("traffic_direction").equals("INBOUND"));
    }

    /** Whether it is refused for its protocol: the ports of UDP are others than those of TCP. */
    private boolean isUdp(Msg listener) {
        return reading.problems.anyAt(listener.path("address.socket_address.protocol"));
    }

    private void requireIp(Msg address, Endpoint endpoint) {
        if (!endpoint.isPipe() && !endpoint.host().isEmpty() && !Addresses.isIp(endpoint.host())) {
            reading.error(
                    address,
                    "socket_address",
                    "malformed IP address: '" + endpoint.host()
                            + "'; a listener takes an IP address such as 127.0.0.1 or 0.0.0.0");
        }
    }

    private Optional<ListenerConfig.FilterChain> chain(Msg chain, boolean otherwise) {
        List<String> names = otherwise ? List.of() : ChainMatches.serverNames(chain);
        ChainMatch match = otherwise ? ChainMatch.OTHERWISE : matches.read(chain);
        Optional<TlsConfig.Downstream> security = tls.downstream(chain);
        Optional<ListenerConfig.Service> service = service(chain);
        if (!names.isEmpty()
                && security.isEmpty()
                && service.filter(one -> !(one instanceof TcpConfig)).isPresent()) {
            reading.warn(chain, "filter_chain_match", "server_names need TLS: without it this chain is never chosen");
        }
        return service.map(
                one -> new ListenerConfig.FilterChain(names, security, one, chain.text("name", ""), match));
    }

    private Optional<ListenerConfig.RouteSource> routeSource(Msg chain) {
        return chain.messages("filters").stream()
                .flatMap(filter -> filter.message("typed_config").stream())
                .filter(typed -> typed.type().equals(MANAGER))
                .flatMap(manager -> manager.message("rds").stream())
                .findFirst()
                .flatMap(rds -> sources.read(rds, "config_source")
                        .map(source -> new ListenerConfig.RouteSource(rds.text("route_config_name"), source)));
    }

    /** What the last of the network filters does with the bytes. */
    private Optional<ListenerConfig.Service> service(Msg chain) {
        Optional<ListenerConfig.Service> service = Optional.empty();
        for (Msg filter : chain.messages("filters")) {
            Optional<Msg> typed = filter.message("typed_config");
            if (typed.isEmpty()) {
                if (!filter.has("typed_config") && !reading.problems.any()) {
                    reading.error(filter, "", "needs typed_config with \"@type\"");
                }
                return Optional.empty();
            }
            if (service.isPresent()) {
                reading.error(filter, "", "stands behind a filter that ends the chain");
            }
            switch (typed.get().type()) {
                case MANAGER ->
                    service = Optional.of(new ListenerConfig.Http(managers.read(typed.get()), routeSource(chain)));
                case TcpProxies.TYPE -> service = Optional.of(proxies.read(typed.get()));
                case CONNECTION_LIMIT -> {}
                default ->
                    reading.error(
                            filter, "typed_config", typed.get().type() + " is no network filter that is supported");
            }
        }
        if (service.isEmpty() && !reading.problems.any()) {
            reading.error(
                    chain,
                    "filters",
                    "envoy.filters.network.http_connection_manager or envoy.filters.network.tcp_proxy is required");
        }
        return service;
    }

    private static OptionalInt connectionLimit(Msg chain) {
        return chain.messages("filters").stream()
                .flatMap(filter -> filter.message("typed_config").stream())
                .filter(typed -> typed.type().equals(CONNECTION_LIMIT))
                .map(typed -> typed.integer("max_connections"))
                .findFirst()
                .orElse(OptionalInt.empty());
    }

    private static boolean proxyProtocol(Msg listener, List<Msg> chains) {
        return chains.stream().anyMatch(chain -> chain.flag("use_proxy_proto", false))
                || listener.messages("listener_filters").stream()
                        .flatMap(filter -> filter.message("typed_config").stream())
                        .anyMatch(typed -> typed.type().endsWith(".ProxyProtocol"));
    }
}
