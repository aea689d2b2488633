package io.grpcweb.gateway.config.envoy;

import io.grpcweb.gateway.config.ChainMatch;
import io.grpcweb.gateway.config.IpRange;
import io.grpcweb.gateway.config.ListenerConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Which connections a filter chain is for: {@code envoy.config.listener.v3.FilterChainMatch}. */
final class ChainMatches {
    private final Reading reading;
    private final Matchers matchers;

    ChainMatches(Reading reading, Matchers matchers) {
        this.reading = reading;
        this.matchers = matchers;
    }

    static List<String> serverNames(Msg chain) {
        return chain.message("filter_chain_match")
                .map(match -> match.texts("server_names"))
                .orElse(List.of());
    }

    ChainMatch read(Msg chain) {
        return chain.message("filter_chain_match").map(this::match).orElse(ChainMatch.ANY);
    }

    private ChainMatch match(Msg match) {
        return new ChainMatch(
                match.integer("destination_port"),
                matchers.ranges(match, "prefix_ranges"),
                transport(match),
                match.texts("application_protocols"),
                matchers.ranges(match, "direct_source_prefix_ranges"),
                switch (match.text("source_type", "ANY")) {
                    case "SAME_IP_OR_LOOPBACK" -> ChainMatch.Source.LOCAL;
                    case "EXTERNAL" -> ChainMatch.Source.EXTERNAL;
                    default -> ChainMatch.Source.ANY;
                },
                matchers.ranges(match, "source_prefix_ranges"),
                match.numbers("source_ports").stream().map(Long::intValue).toList(),
                false);
    }

    private ChainMatch.Transport transport(Msg match) {
        return switch (match.text("transport_protocol")) {
            case "" -> ChainMatch.Transport.ANY;
            case "tls" -> ChainMatch.Transport.TLS;
            case "raw_buffer" -> ChainMatch.Transport.CLEARTEXT;
            default -> {
                reading.error(
                        match,
                        "transport_protocol",
                        "not supported by this gateway: '" + match.text("transport_protocol")
                                + "'; a connection is tls or raw_buffer");
                yield ChainMatch.Transport.ANY;
            }
        };
    }

    /** Reports two chains between which some connection could not choose, as Envoy does. */
    void distinct(Msg listener, List<ListenerConfig.FilterChain> chains) {
        Map<List<Object>, Integer> owners = new HashMap<>();
        for (int i = 0; i < chains.size(); i++) {
            if (chains.get(i).match().otherwise()) {
                continue;
            }
            for (List<Object> cell : cells(chains.get(i))) {
                Integer owner = owners.put(cell, i);
                if (owner != null && owner != i) {
                    reading.error(listener, "filter_chains", overlap(cell));
                    return;
                }
            }
        }
    }

    /** The third part of a cell is its server name. */
    private static String overlap(List<Object> cell) {
        boolean namesAlone = cell.stream().filter(part -> !part.equals("")).count()
                == (cell.get(2).equals("") ? 0 : 1);
        if (!namesAlone) {
            return "two filter chains have the same matching rules: " + cell;
        }
        return cell.get(2).equals("")
                ? "only one filter chain may be without server_names"
                : "two filter chains have the server name '" + cell.get(2) + "'";
    }

    /** All that the chain says of one thing, with all that it says of the others. */
    private static List<List<Object>> cells(ListenerConfig.FilterChain chain) {
        ChainMatch match = chain.match();
        List<List<Object>> all = List.of(List.of());
        all = times(all, match.port().isPresent() ? List.of(match.port().getAsInt()) : List.of());
        all = times(all, networks(match.destinations()));
        all = times(all, chain.serverNames());
        all = times(all, match.transport() == ChainMatch.Transport.ANY ? List.of() : List.of(match.transport()));
        all = times(all, match.protocols());
        all = times(all, networks(match.directSources()));
        all = times(all, match.source() == ChainMatch.Source.ANY ? List.of() : List.of(match.source()));
        all = times(all, networks(match.sources()));
        return times(all, match.sourcePorts());
    }

    private static List<List<Object>> times(List<List<Object>> all, List<?> values) {
        List<List<Object>> longer = new ArrayList<>();
        for (List<Object> one : all) {
            for (Object value : values.isEmpty() ? List.of("") : values) {
                List<Object> next = new ArrayList<>(one);
                next.add(value);
                longer.add(next);
            }
        }
        return longer;
    }

    /** By their bits, and not by how somebody has written them. */
    private static List<Object> networks(List<IpRange> ranges) {
        Function<IpRange, Object> bits = range -> range.bits() == 0
                ? ""
                : List.of(
                        range.v6(),
                        range.bits() < Long.SIZE && range.v6()
                                ? range.high() >>> (Long.SIZE - range.bits())
                                : range.high(),
                        range.low() >>> low(range),
                        range.bits());
        return ranges.stream().map(bits).distinct().toList();
    }

    /** How many bits of the lower part do not count. */
    private static int low(IpRange range) {
        int all = range.v6() ? 2 * Long.SIZE : Integer.SIZE;
        return Math.min(Long.SIZE - 1, all - range.bits());
    }
}
