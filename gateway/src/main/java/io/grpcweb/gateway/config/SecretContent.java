package io.grpcweb.gateway.config;

import java.util.List;
import java.util.Optional;

/** What a secret holds that came from elsewhere (Envoy's {@code Secret}). */
public sealed interface SecretContent {

    /** A certificate with its key. */
    record Certificate(TlsConfig.Identity identity) implements SecretContent {}

    /**
     * What the certificates of peers are judged by.
     *
     * @param ca who must have signed them
     * @param system whether the system's authorities count
     * @param untrusted whether one is accepted that nobody known has signed
     * @param names if not empty, one of these must fit
     * @param pins if there are some, one of these must be the certificate
     */
    record Validation(
            Optional<TlsConfig.Source> ca,
            boolean system,
            boolean untrusted,
            List<TlsConfig.SubjectAltName> names,
            TlsConfig.Pins pins)
            implements SecretContent {
        static final Validation NOTHING = new Validation(Optional.empty(), false, false, List.of());

        /** One that knows no certificate beforehand. */
        public Validation(
                Optional<TlsConfig.Source> ca,
                boolean system,
                boolean untrusted,
                List<TlsConfig.SubjectAltName> names) {
            this(ca, system, untrusted, names, TlsConfig.Pins.NONE);
        }

        public Validation {
            names = List.copyOf(names);
        }

        boolean verifies() {
            return ca.isPresent() || system;
        }

        /** Why certificates of clients cannot be judged by it; empty where they can. */
        public Optional<String> unfitForClients() {
            if (!names.isEmpty() && ca.isEmpty()) {
                return Optional.of("names of client certificates say nothing without trusted_ca");
            }
            return ca.isEmpty() && system
                    ? Optional.of("not supported by this gateway: system_root_certs are no authorities for certificates"
                            + " of clients; write trusted_ca")
                    : Optional.empty();
        }
    }

    /** Something that nothing here reads. */
    record Other() implements SecretContent {}
}
