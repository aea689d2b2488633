package io.grpcweb.gateway.downstream;

import io.grpcweb.gateway.config.ChainMatch;
import io.grpcweb.gateway.config.IpRange;
import io.grpcweb.gateway.config.ListenerConfig;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * Which filter chain of a listener a connection belongs to: one thing after the other is looked at, in the order of Envoy's
 * {@code FilterChainMatch}, and of the chains that are left those go on that say the most of it. There is no way back: a
 * chain that says less of an earlier thing does not come into play again.
 */
final class ChainChoice {
    private static final int NO = -1;

    private final List<ListenerConfig.FilterChain> chains;
    private final List<List<String>> names;
    private final List<Step> steps = new ArrayList<>();
    private final int otherwise;

    /** How much a chain says of one thing: 0 nothing, more where it fits more closely, -1 where it does not fit. */
    private interface Step {
        int fit(int chain, ChainMatch match, Incoming incoming);
    }

    ChainChoice(List<ListenerConfig.FilterChain> chains) {
        this.chains = chains;
        names = chains.stream()
                .map(chain -> chain.serverNames().stream()
                        .map(name -> name.toLowerCase(Locale.ROOT))
                        .toList())
                .toList();
        otherwise = IntStream.range(0, chains.size())
                .filter(i -> chains.get(i).match().otherwise())
                .findFirst()
                .orElse(NO);
        add(match -> match.port().isPresent(), (chain, match, incoming) -> port(match, incoming));
        add(
                match -> !match.destinations().isEmpty(),
                (chain, match, incoming) -> longest(match.destinations(), Incoming.ip(incoming.local())));
        steps.add((chain, match, incoming) -> name(names.get(chain), incoming.serverName()));
        add(
                match -> match.transport() != ChainMatch.Transport.ANY,
                (chain, match, incoming) -> transport(match.transport(), incoming.tls()));
        add(match -> !match.protocols().isEmpty(), (chain, match, incoming) -> protocol(match, incoming));
        add(
                match -> !match.directSources().isEmpty(),
                (chain, match, incoming) -> longest(match.directSources(), Incoming.ip(incoming.direct())));
        add(
                match -> match.source() != ChainMatch.Source.ANY,
                (chain, match, incoming) -> source(match.source(), incoming.isLocal()));
        add(
                match -> !match.sources().isEmpty(),
                (chain, match, incoming) -> longest(match.sources(), Incoming.ip(incoming.remote())));
        add(match -> !match.sourcePorts().isEmpty(), (chain, match, incoming) -> sourcePort(match, incoming));
    }

    /** A thing that no chain speaks of is not looked at. */
    private void add(Predicate<ChainMatch> speaks, Step step) {
        if (chains.stream().map(ListenerConfig.FilterChain::match).anyMatch(speaks)) {
            steps.add(step);
        }
    }

    /** Whether some chain speaks of the protocols that a ClientHello offers. */
    boolean needsProtocols() {
        return chains.stream().anyMatch(chain -> !chain.match().protocols().isEmpty());
    }

    /** The place of the chain for a connection; -1 for none. */
    int choose(Incoming incoming) {
        BitSet left = new BitSet(chains.size());
        left.set(0, chains.size());
        if (otherwise >= 0) {
            left.clear(otherwise);
        }
        for (Step step : steps) {
            keepBest(left, step, incoming);
        }
        int chosen = left.nextSetBit(0);
        return chosen < 0 ? otherwise : chosen;
    }

    private void keepBest(BitSet left, Step step, Incoming incoming) {
        int best = 0;
        for (int i = left.nextSetBit(0); i >= 0; i = left.nextSetBit(i + 1)) {
            int fit = step.fit(i, chains.get(i).match(), incoming);
            if (fit < best) {
                left.clear(i);
            } else if (fit > best) {
                left.clear(0, i);
                best = fit;
            }
        }
    }

    private static int port(ChainMatch match, Incoming incoming) {
        if (match.port().isEmpty()) {
            return 0;
        }
        return match.port().getAsInt() == Incoming.port(incoming.local()) ? 1 : NO;
    }

    private static int longest(List<IpRange> ranges, InetAddress address) {
        int best = ranges.isEmpty() ? 0 : NO;
        for (IpRange range : ranges) {
            if (range.bits() > best && range.contains(address)) {
                best = range.bits();
            }
        }
        return best;
    }

    /** Exact, then the longest wildcard, then no name. */
    private static int name(List<String> patterns, String serverName) {
        String name = serverName == null ? "" : serverName.toLowerCase(Locale.ROOT);
        int best = patterns.isEmpty() ? 0 : NO;
        for (String pattern : patterns) {
            if (pattern.equals(name)) {
                return Integer.MAX_VALUE;
            }
            if (pattern.startsWith("*.") && name.endsWith(pattern.substring(1))) {
                best = Math.max(best, pattern.length());
            }
        }
        return best;
    }

    private static int transport(ChainMatch.Transport wanted, boolean tls) {
        if (wanted == ChainMatch.Transport.ANY) {
            return 0;
        }
        return (wanted == ChainMatch.Transport.TLS) == tls ? 1 : NO;
    }

    /** What the client prefers counts the most. */
    private static int protocol(ChainMatch match, Incoming incoming) {
        if (match.protocols().isEmpty()) {
            return 0;
        }
        List<String> offered = incoming.protocols();
        for (int i = 0; i < offered.size(); i++) {
            if (match.protocols().contains(offered.get(i))) {
                return offered.size() - i;
            }
        }
        return NO;
    }

    private static int source(ChainMatch.Source wanted, boolean local) {
        if (wanted == ChainMatch.Source.ANY) {
            return 0;
        }
        return (wanted == ChainMatch.Source.LOCAL) == local ? 1 : NO;
    }

    private static int sourcePort(ChainMatch match, Incoming incoming) {
        if (match.sourcePorts().isEmpty()) {
            return 0;
        }
        return match.sourcePorts().contains(Incoming.port(incoming.remote())) ? 1 : NO;
    }
}
