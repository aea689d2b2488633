package io.grpcweb.gateway.testing;

import io.grpcweb.gateway.config.Origin;
import io.grpcweb.gateway.config.TlsConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** A self-signed certificate, for localhost unless told otherwise, made by the JDK's keytool, and both ends of TLS with it. */
public final class Certificates {
    private static final char[] PASSWORD = "changeit".toCharArray();
    private final SSLContext context;
    private final Certificate certificate;
    private final KeyManager[] keys;
    private final String chain;
    private final String key;

    public Certificates(Path folder) throws IOException, InterruptedException, GeneralSecurityException {
        this(folder, "EC", "dns:localhost,ip:127.0.0.1");
    }

    /** With a key of this algorithm and these alternative names, in a folder of its own; further words are for keytool. */
    public Certificates(Path folder, String algorithm, String names, String... more)
            throws IOException, InterruptedException, GeneralSecurityException {
        Path file = folder.resolve("store.p12");
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                algorithm,
                "-alias",
                "a",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=" + names,
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass",
                "changeit"));
        words.addAll(List.of(more));
        Process keytool = new ProcessBuilder(words).redirectErrorStream(true).start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (keytool.waitFor() != 0) {
            throw new AssertionError("keytool failed: " + said);
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(Files.newInputStream(file), PASSWORD);
        certificate = store.getCertificate("a");
        chain = pem("CERTIFICATE", certificate.getEncoded());
        key = pem("PRIVATE KEY", store.getKey("a", PASSWORD).getEncoded());
        keys = keys(store);
        context = context(keys, certificate);
    }

    private Certificates(Certificates own, KeyManager[] keys, Certificate trusted) throws GeneralSecurityException {
        this.chain = own.chain;
        this.key = own.key;
        this.certificate = own.certificate;
        this.keys = keys;
        this.context = context(keys, trusted);
    }

    private static KeyManager[] keys(KeyStore store) throws GeneralSecurityException {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD);
        return keys.getKeyManagers();
    }

    private static SSLContext context(KeyManager[] keys, Certificate certificate) throws GeneralSecurityException {
        try {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry("a", certificate);
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys, trust.getTrustManagers(), null);
            return context;
        } catch (IOException e) {
            throw new GeneralSecurityException(e);
        }
    }

    /** The same identity, in front of a server that shows another certificate. */
    public Certificates trusting(Certificates server) throws GeneralSecurityException {
        return new Certificates(this, keys, server.certificate);
    }

    /** No identity, in front of a server that shows this certificate. */
    public static Certificates anonymous(Certificates server) throws GeneralSecurityException {
        return new Certificates(server, new KeyManager[0], server.certificate);
    }

    public String chain() {
        return chain;
    }

    public String key() {
        return key;
    }

    private static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + label + "-----\n";
    }

    /** The certificate as a {@code DataSource} of an Envoy file. */
    public String chainYaml() {
        return yaml(chain);
    }

    /** The private key as a {@code DataSource} of an Envoy file. */
    String keyYaml() {
        return yaml(key);
    }

    /** Both as a {@code TlsCertificate} of an Envoy file. */
    public String yaml() {
        return "{ certificate_chain: " + chainYaml() + ", private_key: " + keyYaml() + " }";
    }

    public static String yaml(String pem) {
        return "{ inline_string: \"" + pem.replace("\n", "\\n") + "\" }";
    }

    TlsConfig.Identity identity() {
        return new TlsConfig.Identity(inline(chain), inline(key), Optional.empty());
    }

    TlsConfig.Source authority() {
        return inline(chain);
    }

    /** Writes the chain and the private key as files. */
    public void write(Path chainFile, Path keyFile) throws IOException {
        Files.writeString(chainFile, chain);
        Files.writeString(keyFile, key);
    }

    private static TlsConfig.Source inline(String text) {
        return new TlsConfig.Source.Inline(text, Origin.NONE);
    }

    /** A connection over TLS that offers these protocols; the handshake is done. */
    public SSLSocket connect(int port, String... alpn) throws IOException {
        return connect(port, parameters -> parameters.setApplicationProtocols(alpn));
    }

    public SSLSocket connect(int port, Consumer<SSLParameters> how) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
        SSLParameters parameters = socket.getSSLParameters();
        how.accept(parameters);
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    /** Accepts connections over TLS and picks h2. */
    public ServerSocket listen() throws IOException {
        return listen("h2", false);
    }

    /** Accepts connections over TLS, of clients that show this certificate where that is wanted. */
    public ServerSocket listen(String alpn, boolean clientCertificate) throws IOException {
        return listen(alpn, clientCertificate, "TLSv1.2", "TLSv1.3");
    }

    public ServerSocket listen(String alpn, boolean clientCertificate, String... versions) throws IOException {
        SSLServerSocket server = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 16, InetAddress.getLoopbackAddress());
        SSLParameters parameters = server.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {alpn});
        parameters.setProtocols(versions);
        parameters.setNeedClientAuth(clientCertificate);
        server.setSSLParameters(parameters);
        return server;
    }
}
