package io.grpcweb.gateway.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One port that clients connect to.
 *
 * @param name as in the file; unique
 * @param address where it listens
 * @param chains of which the one is taken that fits a connection most closely
 * @param proxyProtocol whether each connection begins with a PROXY protocol header (version 1 or 2)
 * @param connectionLimit how many connections it takes at once, if that is limited
 * @param bufferBytes how much is held for a peer that does not read
 * @param statPrefix the label of its series, if not its address
 * @param accessLogs one line a connection each
 * @param admission which connections it takes when many come
 * @param opening how long a connection may take to say what must be known of it first: a PROXY header, whether it speaks
 *     TLS, and for which server (15 s); zero: for ever
 * @param inbound whether it is among those that {@code /drain_listeners?inboundonly} drains
 */
public record ListenerConfig(
        String name,
        Endpoint address,
        List<FilterChain> chains,
        boolean proxyProtocol,
        OptionalInt connectionLimit,
        int bufferBytes,
        Optional<String> statPrefix,
        List<AccessLogConfig> accessLogs,
        Admission admission,
        Duration opening,
        boolean inbound) {

    /** Envoy's default of {@code per_connection_buffer_limit_bytes}. */
    public static final int DEFAULT_BUFFER_BYTES = 1 << 20;

    /** Envoy's default of {@code listener_filters_timeout}. */
    public static final Duration DEFAULT_OPENING = Duration.ofSeconds(15);

    /** How long a handshake of TLS may take where nothing is said. */
    public static final Duration DEFAULT_HANDSHAKE = Duration.ofSeconds(10);

    public ListenerConfig {
        chains = List.copyOf(chains);
        accessLogs = List.copyOf(accessLogs);
    }

    /**
     * TLS, and what is served inside, for the connections of some server names.
     *
     * @param serverNames SNI names, exact or with a leading {@code *.}; empty means every connection
     * @param tls absent: cleartext, or TLS that is passed on as it is
     * @param handshake how long that of TLS may take
     * @param service what is spoken inside
     * @param name for the access log; may be empty
     * @param match what else a connection must be like
     */
    public record FilterChain(
            List<String> serverNames,
            Optional<TlsConfig.Downstream> tls,
            Duration handshake,
            Service service,
            String name,
            ChainMatch match) {
        public FilterChain {
            serverNames = List.copyOf(serverNames);
        }

        /** One for all connections with these server names. */
        public FilterChain(List<String> serverNames, Optional<TlsConfig.Downstream> tls, Service service, String name) {
            this(serverNames, tls, DEFAULT_HANDSHAKE, service, name, ChainMatch.ANY);
        }

        /** One that speaks HTTP. */
        public FilterChain(
                List<String> serverNames,
                Optional<TlsConfig.Downstream> tls,
                HttpConfig http,
                String name,
                Optional<RouteSource> routes) {
            this(serverNames, tls, new Http(http, routes), name);
        }

        /** One whose routes stand in the configuration. */
        public FilterChain(List<String> serverNames, Optional<TlsConfig.Downstream> tls, HttpConfig http, String name) {
            this(serverNames, tls, http, name, Optional.empty());
        }

        /** One without a name. */
        public FilterChain(List<String> serverNames, Optional<TlsConfig.Downstream> tls, HttpConfig http) {
            this(serverNames, tls, http, "");
        }

        /** Whether it speaks HTTP. */
        public boolean isHttp() {
            return service instanceof Http;
        }

        /**
         * The settings of HTTP.
         *
         * @throws IllegalStateException where it does not speak that
         */
        public HttpConfig http() {
            if (service instanceof Http http) {
                return http.config();
            }
            throw new IllegalStateException("filter chain '" + name + "' does not speak HTTP");
        }

        /** Where its routes come from, if they do not stand in its settings. */
        public Optional<RouteSource> routes() {
            return service instanceof Http http ? http.routes() : Optional.empty();
        }

        /** Whether it is chosen by the ClientHello of TLS that is passed on as it is. */
        public boolean passesTls() {
            return !isHttp() && tls.isEmpty() && (!serverNames.isEmpty() || match.isOfHello());
        }

        /** The same with other routes. */
        public FilterChain with(RouteConfig table) {
            return new FilterChain(serverNames, tls, handshake, new Http(http().with(table), routes()), name, match);
        }

        /** The same with other TLS. */
        public FilterChain with(TlsConfig.Downstream otherTls) {
            return new FilterChain(serverNames, Optional.of(otherTls), handshake, service, name, match);
        }
    }

    /** What the connections of a filter chain speak. */
    public sealed interface Service permits Http, TcpConfig {
        /** Whether connections may go on where these settings take the place of those. */
        boolean sameForConnections(Service other);

        /** Where a line is written for each of its requests, or connections. */
        List<AccessLogConfig> accessLogs();
    }

    /**
     * HTTP.
     *
     * @param routes where its routes come from, if they do not stand in {@code config}
     */
    public record Http(HttpConfig config, Optional<RouteSource> routes) implements Service {
        @Override
        public boolean sameForConnections(Service other) {
            return other instanceof Http http && config.sameForConnections(http.config);
        }

        @Override
        public List<AccessLogConfig> accessLogs() {
            return config.accessLogs();
        }
    }

    /**
     * Which connections a listener takes when many come.
     *
     * @param countsGlobally whether its connections count among those of the whole gateway, which are limited
     * @param shedsLoad whether it takes part in what is done when the process runs short
     * @param perAddress connections of one address at once; 0 for no such limit. An address is a public one, whole in IPv4
     *     and the first 64 bits in IPv6
     * @param newPerAddress connections of one address that may come in a second; 0 for no such limit
     */
    public record Admission(boolean countsGlobally, boolean shedsLoad, int perAddress, int newPerAddress) {
        /** Of an Envoy file. */
        public static final Admission DEFAULT = new Admission(true, true, 0, 0);
    }

    /** A route configuration that comes from elsewhere, by name (Envoy's {@code rds}). */
    public record RouteSource(String name, ResourceSource source) {}

    /** Whether it needs nothing from elsewhere: no routes, no secrets. */
    public boolean isComplete() {
        return chains.stream()
                .allMatch(chain -> chain.routes().isEmpty()
                        && chain.tls().map(tls -> tls.secrets().all().isEmpty()).orElse(true));
    }

    /** The filter chains that speak HTTP. */
    public List<FilterChain> httpChains() {
        return chains.stream().filter(FilterChain::isHttp).toList();
    }

    /** The same with other filter chains. */
    public ListenerConfig with(List<FilterChain> otherChains) {
        return new ListenerConfig(
                name,
                address,
                otherChains,
                proxyProtocol,
                connectionLimit,
                bufferBytes,
                statPrefix,
                accessLogs,
                admission,
                opening,
                inbound);
    }
}
