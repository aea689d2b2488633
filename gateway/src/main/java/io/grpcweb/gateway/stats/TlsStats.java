package io.grpcweb.gateway.stats;

import io.grpcweb.gateway.stats.Stat.Label;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What a listener or a cluster counts of its handshakes: {@code listener.<address>.ssl.*}. */
public final class TlsStats extends StatGroup {
    public final LongAdder handshake = counter("handshake");
    public final LongAdder connectionError = counter("connection_error");
    public final LongAdder noCertificate = counter("no_certificate");
    public final LongAdder sessionReused = counter("session_reused");
    public final LongAdder failVerifyNoCert = counter("fail_verify_no_cert");
    public final LongAdder failVerifyError = counter("fail_verify_error");
    public final LongAdder failVerifySan = counter("fail_verify_san");
    public final LongAdder failVerifyCertHash = counter("fail_verify_cert_hash");

    private final Named versions = new Named("versions", "envoy_ssl_version");
    private final Named ciphers = new Named("ciphers", "envoy_ssl_cipher");
    private final Named curves = new Named("curves", "envoy_ssl_curve");

    TlsStats(String owner, String family, List<Label> labels) {
        super(owner + ".ssl", family + "_ssl", labels);
        zeroCounters("ocsp_staple_failed", "ocsp_staple_omitted", "ocsp_staple_requests", "ocsp_staple_responses");
    }

    /** A handshake has ended well; the names come from the TLS library, null is left out. */
    public void handshake(String version, String cipher, String curve, boolean resumed) {
        handshake.increment();
        if (resumed) {
            sessionReused.increment();
        }
        versions.count(version);
        ciphers.count(cipher);
        curves.count(curve);
    }

    /** The gauge of when a certificate ends, in seconds since 1970. */
    public Gauge certificateExpiration(String certificate) {
        return gauge(
                "certificate." + certificate + ".expiration_unix_time_seconds",
                "certificate_expiration_unix_time_seconds",
                List.of(new Label("envoy_tls_certificate", certificate)));
    }

    /** Counters told apart by a name from a small fixed set. */
    private final class Named {
        private final String family;
        private final String label;
        private final Map<String, LongAdder> byName = new ConcurrentHashMap<>();

        Named(String family, String label) {
            this.family = family;
            this.label = label;
        }

        void count(String name) {
            if (name != null) {
                byName.computeIfAbsent(name, n -> counter(family + '.' + n, family, new Label(label, n), true))
                        .increment();
            }
        }
    }
}
