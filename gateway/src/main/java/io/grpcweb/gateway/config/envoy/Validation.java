package io.grpcweb.gateway.config.envoy;

import io.grpcweb.gateway.config.TlsConfig;
import java.util.List;
import java.util.Optional;

/**
 * How the certificate of a peer is judged.
 *
 * @param place where the file says so
 * @param system whether the authorities of the system count
 * @param untrusted whether a certificate is accepted that nobody has signed
 */
record Validation(
        Msg place,
        Optional<TlsConfig.Source> ca,
        boolean system,
        boolean untrusted,
        List<TlsConfig.SubjectAltName> names,
        TlsConfig.Pins pins) {

    boolean verifies() {
        return (ca.isPresent() || system) && !untrusted;
    }
}
