package io.grpcweb.gateway.format;

import io.grpcweb.gateway.http.CertificateText;
import io.grpcweb.gateway.http.StreamInfo;
import io.grpcweb.gateway.http.TlsFacts;
import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Operators about the TLS of both connections, and about the certificates that were shown. */
final class CertificateOperators {
    private CertificateOperators() {}

    static Map<String, Operator> all() {
        Map<String, Operator> out = new HashMap<>();
        Function<StreamInfo, TlsFacts> browser = info -> info.connection.tls();
        Function<StreamInfo, TlsFacts> backend = info -> info.upstreamTls;
        session(out, "DOWNSTREAM_", browser);
        session(out, "UPSTREAM_", backend);
        certificate(out, "DOWNSTREAM_PEER_", then(browser, TlsFacts::peer));
        certificate(out, "DOWNSTREAM_LOCAL_", then(browser, TlsFacts::local));
        certificate(out, "UPSTREAM_PEER_", then(backend, TlsFacts::peer));
        peer(out, "DOWNSTREAM_PEER_", then(browser, TlsFacts::peer));
        put(out, "UPSTREAM_PEER_CERT", then(then(backend, TlsFacts::peer), CertificateText::pem));
        put(out, "UPSTREAM_SERVER_NAME", info -> info.upstreamServerName);
        return out;
    }

    /** The operators that take the form of a time, or none: when a certificate begins and ends to be valid. */
    static Map<String, Function<String, Operator>> times() {
        Map<String, Function<String, Operator>> out = new HashMap<>();
        Function<StreamInfo, X509Certificate> browser = info ->
                info.connection.tls() == null ? null : info.connection.tls().peer();
        Function<StreamInfo, X509Certificate> backend =
                info -> info.upstreamTls == null ? null : info.upstreamTls.peer();
        Function<X509Certificate, Instant> start = one -> one.getNotBefore().toInstant();
        Function<X509Certificate, Instant> end = one -> one.getNotAfter().toInstant();
        out.put("DOWNSTREAM_PEER_CERT_V_START", form -> time(form, browser, start));
        out.put("DOWNSTREAM_PEER_CERT_V_END", form -> time(form, browser, end));
        out.put("UPSTREAM_PEER_CERT_V_START", form -> time(form, backend, start));
        out.put("UPSTREAM_PEER_CERT_V_END", form -> time(form, backend, end));
        return out;
    }

    private static Operator time(
            String form, Function<StreamInfo, X509Certificate> where, Function<X509Certificate, Instant> when) {
        TimeFormat format = TimeFormat.of(form, false);
        return (Operator.Text) info -> {
            X509Certificate certificate = where.apply(info);
            return certificate == null
                    ? null
                    : format.text(when.apply(certificate).toEpochMilli());
        };
    }

    private static void session(Map<String, Operator> out, String side, Function<StreamInfo, TlsFacts> where) {
        put(out, side + "TLS_VERSION", then(where, TlsFacts::version));
        put(out, side + "TLS_CIPHER", then(where, TlsFacts::cipher));
        put(out, side + "TLS_SESSION_ID", then(where, TlsFacts::sessionId));
    }

    private static void certificate(
            Map<String, Operator> out, String side, Function<StreamInfo, X509Certificate> where) {
        put(out, side + "SUBJECT", then(where, CertificateText::subject));
        put(out, side + "ISSUER", then(where, CertificateText::issuer));
        put(out, side + "URI_SAN", then(where, one -> names(one, CertificateText.URI_NAME)));
        put(out, side + "DNS_SAN", then(where, one -> names(one, CertificateText.DNS_NAME)));
    }

    private static void peer(Map<String, Operator> out, String side, Function<StreamInfo, X509Certificate> where) {
        put(out, side + "SERIAL", then(where, one -> serial(one.getSerialNumber())));
        put(out, side + "FINGERPRINT_1", then(where, one -> CertificateText.fingerprint(one, "SHA-1")));
        put(out, side + "FINGERPRINT_256", then(where, one -> CertificateText.fingerprint(one, "SHA-256")));
        put(out, side + "CERT", then(where, CertificateText::pem));
    }

    private static String names(X509Certificate certificate, int kind) {
        List<String> names = CertificateText.names(certificate, kind);
        return names.isEmpty() ? null : String.join(",", names);
    }

    /** In pairs of digits. */
    private static String serial(BigInteger number) {
        String digits = number.toString(16);
        return digits.length() % 2 == 0 ? digits : "0" + digits;
    }

    private static <A, B> Function<StreamInfo, B> then(Function<StreamInfo, A> where, Function<A, B> next) {
        return info -> {
            A found = where.apply(info);
            return found == null ? null : next.apply(found);
        };
    }

    private static void put(Map<String, Operator> out, String name, Function<StreamInfo, String> value) {
        out.put(name, (Operator.Text) value::apply);
    }
}
