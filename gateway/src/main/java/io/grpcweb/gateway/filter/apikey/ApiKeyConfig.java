package io.grpcweb.gateway.filter.apikey;

import io.grpcweb.gateway.config.FilterConfig;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who may call with a key.
 *
 * @param clients by their keys
 * @param sources where the key is looked for, in this order
 * @param allowed the clients that may call; empty: all of them
 * @param forwarding what the backend is told
 */
public record ApiKeyConfig(
        String name,
        Map<String, String> clients,
        List<Source> sources,
        List<String> allowed,
        Optional<Forwarding> forwarding)
        implements FilterConfig {
    public ApiKeyConfig {
        clients = Map.copyOf(clients);
        sources = List.copyOf(sources);
        allowed = List.copyOf(allowed);
    }

    /** A place of a request. */
    record Source(Kind kind, String name) {
        /** What kind of place. */
        enum Kind {
            HEADER,
            QUERY,
            COOKIE
        }
    }

    /**
     * What becomes of the request of a client that is known.
     *
     * @param field tells the backend the client, lower-case; empty: none
     * @param hide whether the key is taken out of the request
     */
    record Forwarding(String field, boolean hide) {}

    /** Without what is secret. */
    @Override
    public String toString() {
        return "ApiKeyConfig[name=" + name + ", " + clients.size() + " keys, sources=" + sources + "]";
    }

    @Override
    public boolean readsQuery() {
        return sources.stream().anyMatch(source -> source.kind() == Source.Kind.QUERY);
    }
}
