package io.grpcweb.gateway.downstream;

import io.grpcweb.gateway.config.TlsConfig;
import io.grpcweb.gateway.net.PeerCertificate;
import io.grpcweb.gateway.net.TlsFiles;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Judges the certificates of clients by who has signed them, where the configuration says who may, and then by their names and
 * by whether they are known beforehand.
 */
final class ClientTrust extends X509ExtendedTrustManager {
    private final TlsConfig.Downstream config;

    /** Null where certificates are known beforehand, whoever has signed them. */
    private final X509ExtendedTrustManager signed;

    /** @throws IOException names the file that cannot be used */
    ClientTrust(TlsConfig.Downstream config) throws IOException {
        this.config = config;
        this.signed =
                config.clientCa().isEmpty() ? null : signedBy(config.clientCa().get());
    }

    private static X509ExtendedTrustManager signedBy(TlsConfig.Source authorities) throws IOException {
        X509Certificate[] roots = TlsFiles.certificates(authorities);
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (int i = 0; i < roots.length; i++) {
                store.setCertificateEntry(Integer.toString(i), roots[i]);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509ExtendedTrustManager found) {
                    return found;
                }
            }
            throw new IOException(TlsFiles.name(authorities) + ": nothing here judges certificates");
        } catch (GeneralSecurityException e) {
            throw new IOException(TlsFiles.name(authorities) + ": " + e.getMessage(), e);
        }
    }

    private void judge(X509Certificate[] chain) throws CertificateException {
        Optional<String> problem = PeerCertificate.problem(chain[0], config.names(), config.pins());
        if (problem.isPresent()) {
            throw new CertificateException(problem.get());
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        if (signed != null) {
            signed.checkClientTrusted(chain, authType, socket);
        }
        judge(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        if (signed != null) {
            signed.checkClientTrusted(chain, authType, engine);
        }
        judge(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        if (signed != null) {
            signed.checkClientTrusted(chain, authType);
        }
        judge(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw notAServer();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        throw notAServer();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw notAServer();
    }

    private static CertificateException notAServer() {
        return new CertificateException("clients are judged here, and no servers");
    }

    /** None where certificates are known beforehand, so that clients show whatever they have. */
    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return Stream.ofNullable(signed)
                .flatMap(manager -> Stream.of(manager.getAcceptedIssuers()))
                .toArray(X509Certificate[]::new);
    }
}
