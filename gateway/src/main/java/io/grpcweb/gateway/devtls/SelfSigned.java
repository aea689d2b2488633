package io.grpcweb.gateway.devtls;

import io.netty.util.NetUtil;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.security.auth.x500.X500Principal;

/**
 * A certificate of version 3 that is signed with its own key (RFC 5280), for a server and nothing else: whoever gets hold of the key
 * can pretend to be these names, and can sign no other certificate.
 */
public record SelfSigned(X509Certificate certificate, PrivateKey key) {
    private static final String ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";
    private static final String SUBJECT_ALTERNATIVE_NAME = "2.5.29.17";
    private static final String BASIC_CONSTRAINTS = "2.5.29.19";
    private static final String EXTENDED_KEY_USAGE = "2.5.29.37";
    private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;
    private static final int SERIAL_BITS = 127;
    private static final int LINE = 64;

    /**
     * Makes one with a new key on the curve P-256.
     *
     * @param subject such as {@code CN=somebody}
     * @param names DNS names and IP addresses
     */
    public static SelfSigned make(String subject, List<String> names, Instant from, Instant to)
            throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair pair = generator.generateKeyPair();
        byte[] algorithm = Der.sequence(Der.identifier(ECDSA_WITH_SHA256));
        byte[] name = new X500Principal(subject).getEncoded();
        byte[] signed = Der.sequence(
                Der.tagged(0, Der.integer(BigInteger.TWO)),
                Der.integer(new BigInteger(SERIAL_BITS, new SecureRandom()).setBit(SERIAL_BITS - 1)),
                algorithm,
                name,
                Der.sequence(Der.time(from), Der.time(to)),
                name,
                pair.getPublic().getEncoded(),
                Der.tagged(
                        3,
                        Der.sequence(
                                extension(BASIC_CONSTRAINTS, true, Der.sequence()),
                                extension(EXTENDED_KEY_USAGE, false, Der.sequence(Der.identifier(SERVER_AUTH))),
                                extension(SUBJECT_ALTERNATIVE_NAME, false, alternatives(names)))));
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(pair.getPrivate());
        signature.update(signed);
        byte[] der = Der.sequence(signed, algorithm, Der.bits(signature.sign()));
        return new SelfSigned(
                (X509Certificate)
                        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der)),
                pair.getPrivate());
    }

    private static byte[] extension(String identifier, boolean critical, byte[] content) {
        return critical
                ? Der.sequence(Der.identifier(identifier), Der.yes(), Der.octets(content))
                : Der.sequence(Der.identifier(identifier), Der.octets(content));
    }

    private static byte[] alternatives(List<String> names) {
        List<byte[]> found = new ArrayList<>();
        for (String name : names) {
            byte[] address = NetUtil.createByteArrayFromIpAddressString(name);
            found.add(
                    address == null
                            ? Der.implicit(DNS_NAME, name.getBytes(StandardCharsets.US_ASCII))
                            : Der.implicit(IP_ADDRESS, address));
        }
        return Der.sequence(found.toArray(byte[][]::new));
    }

    /** The certificate in PEM. */
    public String chainPem() {
        try {
            return pem("CERTIFICATE", certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The key in PEM, not encrypted. */
    public String keyPem() {
        return pem("PRIVATE KEY", key.getEncoded());
    }

    private static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + label
                + "-----\n";
    }
}
