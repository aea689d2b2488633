package io.grpcweb.gateway.config;

import java.util.List;
import java.util.OptionalInt;

/**
 * Which connections a filter chain is for, beside their server names (Envoy's {@code FilterChainMatch}). Of several chains the
 * one is taken that says the most of the first thing in which they differ, in this order: the port, the address it came to,
 * the server name, the transport, the protocols of ALPN, the peer that is connected, the kind of its source, the address it
 * came from, the port it came from. What is empty is any.
 *
 * @param port that it came to
 * @param destinations addresses that it came to
 * @param transport what is spoken
 * @param protocols one of those that a ClientHello offers by ALPN
 * @param directSources addresses of the peer itself, whatever a PROXY header says
 * @param source where the client is
 * @param sources addresses of the client
 * @param sourcePorts ports of the client
 * @param otherwise whether it is for connections that no other chain is for, and for no others
 */
public record ChainMatch(
        OptionalInt port,
        List<IpRange> destinations,
        Transport transport,
        List<String> protocols,
        List<IpRange> directSources,
        Source source,
        List<IpRange> sources,
        List<Integer> sourcePorts,
        boolean otherwise) {
    /** Every connection. */
    public static final ChainMatch ANY = ofAll(false);

    /** Those that no other chain is for. */
    public static final ChainMatch OTHERWISE = ofAll(true);

    public ChainMatch {
        destinations = List.copyOf(destinations);
        protocols = List.copyOf(protocols);
        directSources = List.copyOf(directSources);
        sources = List.copyOf(sources);
        sourcePorts = List.copyOf(sourcePorts);
    }

    private static ChainMatch ofAll(boolean otherwise) {
        return new ChainMatch(
                OptionalInt.empty(),
                List.of(),
                Transport.ANY,
                List.of(),
                List.of(),
                Source.ANY,
                List.of(),
                List.of(),
                otherwise);
    }

    /** Whether a ClientHello has a say in it. */
    public boolean isOfHello() {
        return transport == Transport.TLS || !protocols.isEmpty();
    }

    /** What a connection speaks below HTTP. */
    public enum Transport {
        ANY,
        TLS,
        CLEARTEXT
    }

    /** Where a client is. */
    public enum Source {
        ANY,
        /** On this machine: its address is that it came to, 127.0.0.1 or ::1. */
        LOCAL,
        EXTERNAL
    }
}
