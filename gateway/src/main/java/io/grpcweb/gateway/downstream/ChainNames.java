package io.grpcweb.gateway.downstream;

import io.grpcweb.gateway.config.ListenerConfig;
import java.util.List;
import java.util.Locale;

/** Which filter chain of a listener a server name belongs to. */
final class ChainNames {
    private final List<List<String>> names;

    ChainNames(List<ListenerConfig.FilterChain> chains) {
        names = chains.stream()
                .map(chain -> chain.serverNames().stream()
                        .map(name -> name.toLowerCase(Locale.ROOT))
                        .toList())
                .toList();
    }

    /**
     * The place of the chain for a name: exact, then the longest wildcard, then the one without names; -1 for none.
     *
     * @param serverName null where the peer names none
     */
    int choose(String serverName) {
        int best = -1;
        int bestLength = -1;
        String name = serverName == null ? "" : serverName.toLowerCase(Locale.ROOT);
        for (int i = 0; i < names.size(); i++) {
            List<String> patterns = names.get(i);
            if (patterns.isEmpty() && bestLength < 0) {
                best = i;
                bestLength = 0;
            }
            for (String pattern : patterns) {
                int length = fit(pattern, name);
                if (length > bestLength) {
                    best = i;
                    bestLength = length;
                }
            }
        }
        return best;
    }

    private static int fit(String pattern, String name) {
        if (pattern.equals(name)) {
            return Integer.MAX_VALUE;
        }
        return pattern.startsWith("*.") && name.endsWith(pattern.substring(1)) ? pattern.length() : -1;
    }
}
