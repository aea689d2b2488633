package io.grpcweb.gateway.config.hocon;

import io.grpcweb.gateway.config.Addresses;
import io.grpcweb.gateway.config.ChainMatch;
import io.grpcweb.gateway.config.Endpoint;
import io.grpcweb.gateway.config.IpRange;
import io.grpcweb.gateway.config.ListenerConfig;
import io.grpcweb.gateway.config.ListenerConfig.FilterChain;
import io.grpcweb.gateway.config.TcpConfig;
import io.grpcweb.gateway.config.TlsConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Listeners in the gateway's own format. */
final class ListenerFormat {
    private static final Endpoint DEFAULT_ADDRESS = new Endpoint("127.0.0.1", 8080);

    private final HttpFormat http;

    ListenerFormat(HttpFormat http) {
        this.http = http;
    }

    /** What holds in a listener of this name where nothing is written. */
    ListenerConfig usual(String name) {
        return new ListenerConfig(
                name,
                DEFAULT_ADDRESS,
                List.of(new FilterChain(List.of(), Optional.empty(), http.usual(name))),
                false,
                OptionalInt.empty(),
                ListenerConfig.DEFAULT_BUFFER_BYTES,
                Optional.empty(),
                List.of(),
                OwnDefaults.ADMISSION,
                ListenerConfig.DEFAULT_OPENING,
                false);
    }

    ListenerConfig fields(Fields own, ListenerConfig given) {
        Endpoint address = own.endpoint("listen", given.address());
        if (!address.isPipe()
                && !Addresses.isIp(address.host())
                && !address.host().equals("localhost")) {
            own.error("listen", "'" + address.host() + "' is no IP address: write such as 127.0.0.1 or 0.0.0.0");
        }
        return new ListenerConfig(
                given.name(),
                address,
                chains(own, given),
                own.flag("proxy-protocol", given.proxyProtocol()),
                own.integer("connection-limit", given.connectionLimit()),
                own.bytes("buffer", given.bufferBytes()),
                own.text("listener-stat-prefix", given.statPrefix()),
                AccessLogFormat.logs(own, "connection-log", given.accessLogs()),
                own.section("admission", given.admission(), ListenerFormat::admission),
                own.duration("opening", given.opening()),
                own.flag("inbound", given.inbound()));
    }

    private static ListenerConfig.Admission admission(Fields own, ListenerConfig.Admission given) {
        return new ListenerConfig.Admission(
                own.flag("counts-globally", given.countsGlobally()),
                own.flag("sheds-load", given.shedsLoad()),
                own.integer("per-address", given.perAddress()),
                own.integer("new-per-address", given.newPerAddress()));
    }

    /** A listener has the fields of its only chain itself. */
    private List<FilterChain> chains(Fields own, ListenerConfig given) {
        FilterChain usual = usual(given.name()).chains().get(0);
        boolean several = given.chains().size() != 1;
        return own.ifWritten(
                        "chains",
                        Optional.of(given.chains()).filter(chains -> several),
                        List.of(),
                        (fields, chains) -> fields.sections("chains", chains, usual, this::chain))
                .orElseGet(() -> List.of(chain(own, given.chains().get(0))));
    }

    /** With a section {@code tcp}, nothing of HTTP is read. */
    private FilterChain chain(Fields own, FilterChain given) {
        List<String> serverNames = own.texts("server-names", given.serverNames());
        Optional<TlsConfig.Downstream> tls = TlsFormat.downstream(own, given.tls());
        Duration handshake = own.duration("handshake", given.handshake());
        ChainMatch match = own.section("connections", given.match(), ListenerFormat::match);
        Optional<TcpConfig> tcp = own.section(
                "tcp",
                Optional.of(given.service()).filter(TcpConfig.class::isInstance).map(TcpConfig.class::cast),
                TcpFormat.usual(given.isHttp() ? given.http().statPrefix() : ""),
                TcpFormat::fields);
        if (tcp.isPresent()) {
            return new FilterChain(serverNames, tls, handshake, tcp.get(), own.text("chain-name", given.name()), match);
        }
        return new FilterChain(
                serverNames,
                tls,
                handshake,
                new ListenerConfig.Http(http.fields(own, given.http()), given.routes()),
                own.text("chain-name", given.name()),
                match);
    }

    private static ChainMatch match(Fields own, ChainMatch given) {
        return new ChainMatch(
                own.integer("port", given.port()),
                ranges(own, "to", given.destinations()),
                own.choice("transport", given.transport()),
                own.texts("alpn", given.protocols()),
                ranges(own, "from-peers", given.directSources()),
                own.choice("source", given.source()),
                ranges(own, "from", given.sources()),
                own.integers("from-ports", given.sourcePorts()),
                own.flag("otherwise", given.otherwise()));
    }

    private static List<IpRange> ranges(Fields own, String key, List<IpRange> given) {
        List<IpRange> found = new ArrayList<>();
        for (String text : own.texts(key, given.stream().map(IpRange::text).toList())) {
            Optional<IpRange> range = IpRange.parse(text);
            if (range.isEmpty()) {
                own.error(key, "'" + text + "' is no network: write such as 10.0.0.0/8");
            }
            range.ifPresent(found::add);
        }
        return found;
    }
}
