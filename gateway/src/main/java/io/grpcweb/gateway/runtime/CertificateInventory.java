package io.grpcweb.gateway.runtime;

import io.grpcweb.gateway.admin.Snapshots.CertificateStatus;
import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.config.ListenerConfig;
import io.grpcweb.gateway.config.SecretContent;
import io.grpcweb.gateway.config.TlsConfig;
import io.grpcweb.gateway.config.TlsConfig.SecretRef;
import io.grpcweb.gateway.net.TlsFiles;
import io.grpcweb.gateway.stats.ListenerStats;
import java.io.IOException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificates in use: what {@code /certs} shows, and when those of listeners end. Those that a configuration names are read
 * when their files change, those that come from elsewhere when somebody asks.
 */
final class CertificateInventory {
    private static final int DNS = 2;
    private static final int ADDRESS = 7;

    /** Envoy's name of a certificate that has none: it ends with the beginning of the SHA-256 of nothing. */
    private static final String UNNAMED = "unnamed_cert_e3b0c442";

    private static final Logger LOG = LoggerFactory.getLogger(CertificateInventory.class);

    private final Supplier<List<ListenerConfig>> listeners;
    private final Supplier<List<ClusterConfig>> clusters;
    private final Function<SecretRef, Optional<SecretContent>> secrets;
    private volatile GatewayConfig config;
    private volatile List<CertificateStatus> configured = List.of();

    /**
     * None yet.
     *
     * @param listeners those that are open
     * @param clusters those that are in force
     * @param secrets what has come from elsewhere
     */
    CertificateInventory(
            Supplier<List<ListenerConfig>> listeners,
            Supplier<List<ClusterConfig>> clusters,
            Function<SecretRef, Optional<SecretContent>> secrets) {
        this.listeners = listeners;
        this.clusters = clusters;
        this.secrets = secrets;
    }

    /**
     * Reads the files again that listeners and clusters were made from.
     *
     * @throws IOException names a file that cannot be read
     */
    void show(GatewayConfig next) throws IOException {
        configured = read(next);
        config = next;
    }

    /** Another configuration is in force; where the first one was shown, it is. */
    void follow(GatewayConfig next) {
        if (config != null) {
            config = next;
            readAgain();
        }
    }

    /** Files have changed. */
    void readAgain() {
        GatewayConfig now = config;
        if (now == null) {
            return;
        }
        try {
            configured = read(now);
        } catch (IOException e) {
            LOG.warn("the page of certificates shows the old ones: {}", e.getMessage());
        }
    }

    private static List<CertificateStatus> read(GatewayConfig config) throws IOException {
        List<CertificateStatus> found = new ArrayList<>();
        for (ListenerConfig listener : config.listeners()) {
            if (listener.isComplete()) {
                add(found, listener, ref -> Optional.empty());
            }
        }
        for (ClusterConfig cluster : config.clusters()) {
            if (cluster.isComplete()) {
                add(found, cluster, ref -> Optional.empty());
            }
        }
        return found;
    }

    List<CertificateStatus> all() {
        GatewayConfig now = config;
        List<CertificateStatus> found = new ArrayList<>(configured);
        for (ListenerConfig listener : listeners.get()) {
            if (now == null || !listener.isComplete() || !now.listeners().contains(listener)) {
                try {
                    add(found, listener, secrets);
                } catch (IOException e) {
                    LOG.warn("certificates of listener '{}' are not shown: {}", listener.name(), e.getMessage());
                }
            }
        }
        for (ClusterConfig cluster : clusters.get()) {
            if (now == null || !cluster.isComplete() || !now.clusters().contains(cluster)) {
                try {
                    add(found, cluster, secrets);
                } catch (IOException e) {
                    LOG.warn("certificates of cluster '{}' are not shown: {}", cluster.name(), e.getMessage());
                }
            }
        }
        return found;
    }

    private static void add(
            List<CertificateStatus> found,
            ListenerConfig listener,
            Function<SecretRef, Optional<SecretContent>> secrets)
            throws IOException {
        for (ListenerConfig.FilterChain chain : listener.chains()) {
            if (chain.tls().isPresent()) {
                TlsConfig.Downstream tls =
                        chain.tls().get().with(secrets).orElse(chain.tls().get());
                for (TlsConfig.Identity identity : tls.identities()) {
                    add(found, false, identity.chain());
                }
                add(found, true, tls.clientCa());
            }
        }
    }

    private static void add(
            List<CertificateStatus> found, ClusterConfig cluster, Function<SecretRef, Optional<SecretContent>> secrets)
            throws IOException {
        for (TlsConfig.Upstream one : cluster.allTls().toList()) {
            TlsConfig.Upstream tls = one.with(secrets).orElse(one);
            add(found, true, tls.ca());
            add(found, false, tls.identity().map(TlsConfig.Identity::chain));
        }
    }

    /** Sets the gauges of a listener's certificates. */
    static void show(ListenerConfig listener, ListenerStats stats) throws IOException {
        int number = 0;
        for (ListenerConfig.FilterChain chain : listener.chains()) {
            if (chain.tls().isEmpty()) {
                continue;
            }
            for (TlsConfig.Identity identity : chain.tls().get().identities()) {
                X509Certificate[] certificates = TlsFiles.certificates(identity.chain());
                if (certificates.length > 0) {
                    number++;
                    stats.tls()
                            .certificateExpiration(number == 1 ? UNNAMED : UNNAMED + "_" + number)
                            .set(certificates[0].getNotAfter().toInstant().getEpochSecond());
                }
            }
        }
    }

    private static void add(List<CertificateStatus> all, boolean authority, Optional<TlsConfig.Source> source)
            throws IOException {
        if (source.isPresent()) {
            add(all, authority, source.get());
        }
    }

    private static void add(List<CertificateStatus> all, boolean authority, TlsConfig.Source source)
            throws IOException {
        String path = source instanceof TlsConfig.Source.File file ? file.path() : "<inline>";
        // Of a chain the first one is the gateway's own; the bundle of a CA is shown by its first as well, as in Envoy.
        Arrays.stream(TlsFiles.certificates(source))
                .limit(1)
                .forEach(certificate -> all.add(new CertificateStatus(
                        authority,
                        path,
                        certificate.getSerialNumber().toString(16).toLowerCase(Locale.ROOT),
                        names(certificate),
                        certificate.getNotBefore().toInstant(),
                        certificate.getNotAfter().toInstant())));
    }

    private static List<String> names(X509Certificate certificate) {
        List<String> names = new ArrayList<>();
        try {
            if (certificate.getSubjectAlternativeNames() != null) {
                for (List<?> name : certificate.getSubjectAlternativeNames()) {
                    int kind = (Integer) name.get(0);
                    if (kind == DNS || kind == ADDRESS) {
                        names.add(name.get(1).toString());
                    }
                }
            }
        } catch (CertificateParsingException e) {
            names.clear();
        }
        return names;
    }
}
