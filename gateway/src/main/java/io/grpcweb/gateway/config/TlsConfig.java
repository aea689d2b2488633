package io.grpcweb.gateway.config;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** TLS settings of the two sides. */
public sealed interface TlsConfig {

    /** All that is read for it. */
    List<Source> sources();

    /** Bytes that are read from a file at start and when it changes, or stand in the configuration. */
    sealed interface Source {
        /** A file, by path as written. */
        record File(String path) implements Source {}

        /** The text itself; {@code place} names where in the configuration it stands, for errors. */
        record Inline(String text, Origin place) implements Source {}
    }

    /** A certificate chain and its private key, both PEM; the key may be encrypted. */
    record Identity(Source chain, Source key, Optional<Source> password) {
        private Stream<Source> sources() {
            return Stream.concat(Stream.of(chain, key), password.stream());
        }
    }

    /**
     * Protocol versions, cipher suites by their standard names (of TLS 1.3 all are on), and curves; empty lists and absent
     * versions mean the library's default.
     */
    record Params(Optional<String> minimum, Optional<String> maximum, List<String> ciphers, List<String> curves) {
        public static final Params DEFAULT = new Params(Optional.empty(), Optional.empty(), List.of(), List.of());

        public Params {
            ciphers = List.copyOf(ciphers);
            curves = List.copyOf(curves);
        }
    }

    /** A matcher of one kind of names of a certificate. */
    record SubjectAltName(Kind kind, StringMatch match) {
        /** The kinds of names; {@code ANY} is one of them. */
        public enum Kind {
            ANY,
            DNS,
            URI,
            EMAIL,
            IP_ADDRESS
        }
    }

    /**
     * TLS towards browsers.
     *
     * @param identities at least one
     * @param alpn protocols offered, in order; empty means none is negotiated, so HTTP/1.1 only
     * @param clientCa who signs client certificates, if they are looked at
     * @param requireClientCertificate whether a connection without one is refused
     */
    record Downstream(
            List<Identity> identities,
            List<String> alpn,
            Optional<Source> clientCa,
            boolean requireClientCertificate,
            Params params)
            implements TlsConfig {
        public Downstream {
            identities = List.copyOf(identities);
            alpn = List.copyOf(alpn);
        }

        @Override
        public List<Source> sources() {
            return Stream.concat(identities.stream().flatMap(Identity::sources), clientCa.stream())
                    .toList();
        }
    }

    /**
     * TLS towards backends.
     *
     * @param sni sent in the handshake, if given
     * @param sniFromEndpoint whether the host of the endpoint is sent instead, where it has a name
     * @param sniFromRequest whether the host that is asked for is sent instead, where it is a name
     * @param verify whether the backend's certificate must be trusted
     * @param ca who must have signed it; absent with {@code verify}: the system's authorities
     * @param verifyHostname whether the certificate must be for the SNI name, or else the host of the endpoint
     * @param subjectAltNames if not empty, one of these must fit one of the certificate's names
     * @param identity the gateway's own client certificate, if any
     * @param alpn protocols offered; empty means what the cluster speaks
     * @param sessionKeys how many sessions are kept for later connections to go on with; 0 means that all are new
     */
    record Upstream(
            Optional<String> sni,
            boolean sniFromEndpoint,
            boolean sniFromRequest,
            boolean verify,
            Optional<Source> ca,
            boolean verifyHostname,
            List<SubjectAltName> subjectAltNames,
            Optional<Identity> identity,
            List<String> alpn,
            int sessionKeys,
            Params params)
            implements TlsConfig {
        /** As in Envoy. */
        public static final int SESSION_KEYS = 1;

        public Upstream {
            subjectAltNames = List.copyOf(subjectAltNames);
            alpn = List.copyOf(alpn);
        }

        @Override
        public List<Source> sources() {
            return Stream.concat(identity.stream().flatMap(Identity::sources), ca.stream())
                    .toList();
        }
    }
}
