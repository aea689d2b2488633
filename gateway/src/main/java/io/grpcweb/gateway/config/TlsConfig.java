package io.grpcweb.gateway.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** TLS settings of the two sides. */
public sealed interface TlsConfig {

    /** All that is read for it. */
    List<Source> sources();

    /** What of it comes from elsewhere. */
    Secrets secrets();

    /**
     * The same with what has come from elsewhere in its place.
     *
     * @param known gives a secret that has come
     * @return empty while one of them is missing
     */
    Optional<? extends TlsConfig> with(Function<SecretRef, Optional<SecretContent>> known);

    /** A secret that comes from elsewhere, by name (Envoy's {@code SdsSecretConfig}). */
    record SecretRef(String name, ResourceSource source) {}

    /** What of one side comes from elsewhere: its own certificates, and what the peer's are judged by. */
    record Secrets(List<SecretRef> identities, Optional<SecretRef> validation) {
        public static final Secrets NONE = new Secrets(List.of(), Optional.empty());

        public Secrets {
            identities = List.copyOf(identities);
        }

        /** All of them. */
        public List<SecretRef> all() {
            return Stream.concat(identities.stream(), validation.stream()).toList();
        }

        /** The certificates that have come; empty while one is missing. */
        private Optional<List<Identity>> identities(Function<SecretRef, Optional<SecretContent>> known) {
            List<Identity> found = new ArrayList<>();
            for (SecretRef ref : identities) {
                if (!(known.apply(ref).orElse(null) instanceof SecretContent.Certificate certificate)) {
                    return Optional.empty();
                }
                found.add(certificate.identity());
            }
            return Optional.of(found);
        }

        /** What judges; without a reference one that adds nothing, and empty while it is missing. */
        private Optional<SecretContent.Validation> validation(Function<SecretRef, Optional<SecretContent>> known) {
            if (validation.isEmpty()) {
                return Optional.of(SecretContent.Validation.NOTHING);
            }
            return known.apply(validation.get())
                    .filter(SecretContent.Validation.class::isInstance)
                    .map(SecretContent.Validation.class::cast);
        }
    }

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

    /**
     * Certificates of peers that are known beforehand: one of all these must be the peer's own.
     *
     * @param certificates SHA-256 of the whole certificate (DER), hexadecimal in small letters without colons
     * @param keys SHA-256 of its public key (SubjectPublicKeyInfo in DER, RFC 7469 section 2.4), in base64
     */
    record Pins(List<String> certificates, List<String> keys) {
        public static final Pins NONE = new Pins(List.of(), List.of());

        public Pins {
            certificates = List.copyOf(certificates);
            keys = List.copyOf(keys);
        }

        public boolean isEmpty() {
            return certificates.isEmpty() && keys.isEmpty();
        }

        /** The hash of a certificate as it stands in {@link #certificates}, of one that may have colons and capitals. */
        public static String plain(String hash) {
            return hash.replace(":", "").toLowerCase(Locale.ROOT);
        }

        /** Whether a text has the form of those in {@link #certificates}. */
        public static boolean isCertificate(String hash) {
            return hash.matches("[0-9a-f]{64}");
        }

        /** Whether a text has the form of those in {@link #keys}. */
        public static boolean isKey(String hash) {
            return hash.matches("[A-Za-z0-9+/]{43}=");
        }

        /** These and others. */
        public Pins and(Pins others) {
            return new Pins(joined(certificates, others.certificates), joined(keys, others.keys));
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
     * @param secrets what of it comes from elsewhere
     * @param names if not empty, one of these must fit one of the names of a client's certificate
     * @param pins if there are some, one of these must be the client's certificate
     */
    record Downstream(
            List<Identity> identities,
            List<String> alpn,
            Optional<Source> clientCa,
            boolean requireClientCertificate,
            Params params,
            Secrets secrets,
            List<SubjectAltName> names,
            Pins pins)
            implements TlsConfig {
        /** One that judges clients by who has signed their certificates. */
        public Downstream(
                List<Identity> identities,
                List<String> alpn,
                Optional<Source> clientCa,
                boolean requireClientCertificate,
                Params params,
                Secrets secrets) {
            this(identities, alpn, clientCa, requireClientCertificate, params, secrets, List.of(), Pins.NONE);
        }

        /** One that is complete. */
        public Downstream(
                List<Identity> identities,
                List<String> alpn,
                Optional<Source> clientCa,
                boolean requireClientCertificate,
                Params params) {
            this(identities, alpn, clientCa, requireClientCertificate, params, Secrets.NONE);
        }

        @Override
        public Optional<Downstream> with(Function<SecretRef, Optional<SecretContent>> known) {
            return secrets.identities(known).flatMap(certificates -> secrets.validation(known)
                    .filter(judge -> judge.unfitForClients().isEmpty())
                    .map(judge -> new Downstream(
                            joined(identities, certificates),
                            alpn,
                            judge.ca().or(() -> clientCa),
                            requireClientCertificate,
                            params,
                            Secrets.NONE,
                            joined(names, judge.names()),
                            pins.and(judge.pins()))));
        }

        public Downstream {
            identities = List.copyOf(identities);
            alpn = List.copyOf(alpn);
            names = List.copyOf(names);
        }

        /** Whether clients are asked for a certificate. */
        public boolean asksClients() {
            return clientCa.isPresent() || !pins.isEmpty();
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
     * @param secrets what of it comes from elsewhere
     * @param pins if there are some, one of these must be the backend's certificate
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
            Params params,
            Secrets secrets,
            Pins pins)
            implements TlsConfig {
        /** As in Envoy. */
        public static final int SESSION_KEYS = 1;

        /** One that is complete. */
        public Upstream(
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
                Params params) {
            this(
                    sni,
                    sniFromEndpoint,
                    sniFromRequest,
                    verify,
                    ca,
                    verifyHostname,
                    subjectAltNames,
                    identity,
                    alpn,
                    sessionKeys,
                    params,
                    Secrets.NONE,
                    Pins.NONE);
        }

        @Override
        public Optional<Upstream> with(Function<SecretRef, Optional<SecretContent>> known) {
            return secrets.identities(known).flatMap(certificates -> secrets.validation(known)
                    .map(judge -> new Upstream(
                            sni,
                            sniFromEndpoint,
                            sniFromRequest,
                            (verify || judge.verifies()) && !judge.untrusted(),
                            judge.ca().or(() -> ca),
                            verifyHostname,
                            joined(subjectAltNames, judge.names()),
                            certificates.stream().findFirst().or(() -> identity),
                            alpn,
                            sessionKeys,
                            params,
                            Secrets.NONE,
                            pins.and(judge.pins()))));
        }

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

    private static <T> List<T> joined(List<T> some, List<T> more) {
        return Stream.concat(some.stream(), more.stream()).toList();
    }
}
