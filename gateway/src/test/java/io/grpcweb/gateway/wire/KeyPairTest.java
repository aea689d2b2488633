package io.grpcweb.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.Configs;
import io.grpcweb.gateway.config.KeyPair;
import io.grpcweb.gateway.config.Origin;
import io.grpcweb.gateway.config.TlsConfig;
import io.grpcweb.gateway.config.envoy.EnvoyBootstrap;
import io.grpcweb.gateway.testing.Certificates;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A private key that does not belong to its certificate is noticed before anything is served with it. */
class KeyPairTest {
    private static final byte[] PBES2 = {
        0x06, 0x09, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 0x01, 0x05, 0x0d
    };

    @TempDir
    Path folder;

    private Certificates made(String name, String algorithm) throws Exception {
        return new Certificates(Files.createDirectory(folder.resolve(name)), algorithm, "dns:localhost");
    }

    private static Optional<String> problem(String chain, String key, Optional<String> password) {
        return KeyPair.problem(new TlsConfig.Identity(
                new TlsConfig.Source.Inline(chain, new Origin("the chain")),
                new TlsConfig.Source.Inline(key, new Origin("the key")),
                password.map(text -> new TlsConfig.Source.Inline(text, new Origin("the password")))));
    }

    private static byte[] der(String pem) {
        return Base64.getMimeDecoder().decode(pem.replaceAll("-----.*-----", ""));
    }

    private static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + label
                + "-----\n";
    }

    /** Of DER, with a length of two bytes. */
    private static byte[] element(int tag, byte[]... parts) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            body.writeBytes(part);
        }
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.writeBytes(new byte[] {(byte) tag, (byte) 0x82, (byte) (body.size() >> 8), (byte) body.size()});
        whole.writeBytes(body.toByteArray());
        return whole.toByteArray();
    }

    @ParameterizedTest
    @CsvSource({"RSA, RSA", "EC, EC", "Ed25519, Ed25519", "RSA, EC", "EC, RSA", "Ed25519, EC"})
    void onlyTheKeyOfTheCertificateIsTaken(String algorithm, String other) throws Exception {
        Certificates own = made("own", algorithm);
        Certificates stranger = made("stranger", other);

        assertThat(problem(own.chain(), own.key(), Optional.empty())).isEmpty();
        assertThat(problem(own.chain(), stranger.key(), Optional.empty()))
                .hasValueSatisfying(text -> assertThat(text).contains("the chain", "the key", "belong"));
        assertThat(problem(own.chain() + stranger.chain(), own.key(), Optional.empty()))
                .isEmpty();
    }

    @Test
    void keysInTheOlderFormAreHeldAgainstTheirCertificateToo() throws Exception {
        Certificates own = made("own", "RSA");
        // Behind version and algorithm of RFC 5208 stands RSAPrivateKey.
        byte[] whole = der(own.key());
        String old = pem("RSA PRIVATE KEY", Arrays.copyOfRange(whole, 26, whole.length));

        assertThat(problem(own.chain(), old, Optional.empty())).isEmpty();
        assertThat(problem(made("stranger", "RSA").chain(), old, Optional.empty()))
                .isPresent();
        String cut = pem("RSA PRIVATE KEY", Arrays.copyOfRange(whole, 26, 200));
        assertThat(problem(own.chain(), cut, Optional.empty())).isPresent();
        assertThat(problem(own.chain(), pem("EC PRIVATE KEY", new byte[] {0x30}), Optional.empty()))
                .isPresent();
    }

    @Test
    void encryptedKeysAreHeldAgainstTheirCertificateToo() throws Exception {
        Certificates own = made("own", "EC");
        String scheme = "PBEWithHmacSHA256AndAES_256";
        SecretKey secret =
                SecretKeyFactory.getInstance(scheme).generateSecret(new PBEKeySpec("open sesame".toCharArray()));
        Cipher cipher = Cipher.getInstance(scheme);
        cipher.init(Cipher.ENCRYPT_MODE, secret);
        byte[] encrypted = cipher.doFinal(der(own.key()));
        byte[] how = cipher.getParameters().getEncoded();
        // EncryptedPrivateKeyInfo of RFC 5208 with PBES2 of RFC 8018.
        String key = pem("ENCRYPTED PRIVATE KEY", element(0x30, element(0x30, PBES2, how), element(0x04, encrypted)));

        assertThat(problem(own.chain(), key, Optional.of("open sesame\n"))).isEmpty();
        assertThat(problem(made("stranger", "EC").chain(), key, Optional.of("open sesame")))
                .isPresent();
        assertThat(problem(own.chain(), key, Optional.of("wrong"))).isPresent();
        assertThat(problem(own.chain(), key, Optional.empty())).isPresent();
    }

    @Test
    void bothFormatsNameTheTwoForListenersAndForClusters() throws Exception {
        Path chain = Files.writeString(folder.resolve("a.pem"), made("a", "EC").chain());
        Path key = Files.writeString(folder.resolve("b.key"), made("b", "EC").key());
        String tls = "tls { certificate = \"" + chain + "\", key = \"" + key + "\" }";

        assertThatThrownBy(() -> Configs.parse(
                        "listeners.main { " + tls + " }\nclusters.backend { endpoints = [\"a:1\"], " + tls + " }",
                        "own.conf"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("own.conf:1: listeners.main.tls.key: ")
                .hasMessageContaining("own.conf:2: clusters.backend.tls.key: ")
                .hasMessageContaining(chain.toString())
                .hasMessageContaining(key.toString());

        String common = "common_tls_context: { tls_certificates: [ { certificate_chain: { filename: " + chain
                + " }, private_key: { filename: " + key + " } } ] } } }";
        String yaml = """
                static_resources:
                  clusters:
                  - name: one
                    transport_socket:
                      name: tls
                      typed_config: { "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext, sni: a, %s
                """.formatted(common.substring(0, common.length() - 2));
        assertThatThrownBy(() -> EnvoyBootstrap.read(Optional.empty(), Optional.of(yaml), Configs.envoy(false, false)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(
                        "line 6: static_resources.clusters[0].transport_socket.typed_config.common_tls_context"
                                + ".tls_certificates[0].private_key.filename")
                .hasMessageContaining(chain.toString())
                .hasMessageContaining(key.toString());
    }
}
