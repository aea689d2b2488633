package io.grpcweb.gateway.config;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.interfaces.RSAKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** Holds a private key against the first certificate of its chain: the TLS library would notice in each handshake only. */
public final class KeyPair {
    private static final String PBES2 = "1.2.840.113549.1.5.13";

    private KeyPair() {}

    /** What is wrong with the two, if anything is; both names are in the text. */
    public static Optional<String> problem(TlsConfig.Identity identity) {
        String chain = PemFiles.name(identity.chain());
        String key = PemFiles.name(identity.key());
        PublicKey certified;
        try {
            certified = CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(bytes(identity.chain())))
                    .getPublicKey();
        } catch (IOException | GeneralSecurityException e) {
            return Optional.of(chain + " holds a certificate that cannot be read: " + e.getMessage());
        }
        try {
            byte[] der = der(PemKey.toPkcs8(bytes(identity.key()), key));
            PrivateKey secret = privateKey(der, certified.getAlgorithm(), identity.password());
            return belong(secret, certified)
                    ? Optional.empty()
                    : Optional.of("the key of " + key + " does not belong to the certificate of " + chain);
        } catch (NoSuchAlgorithmException e) {
            // A kind of key that only the TLS library knows.
            return Optional.empty();
        } catch (InvalidKeySpecException e) {
            return Optional.of("the key of " + key + " cannot be read, or does not belong to the certificate of "
                    + chain + ", which is one for a key of the kind " + certified.getAlgorithm());
        } catch (GeneralSecurityException e) {
            return Optional.of(
                    "the key of " + key + " for the certificate of " + chain + " cannot be used: " + e.getMessage());
        } catch (IOException | IllegalArgumentException e) {
            return Optional.of("the key for the certificate of " + chain + " cannot be read: " + e.getMessage());
        }
    }

    private static byte[] bytes(TlsConfig.Source source) throws IOException {
        if (source instanceof TlsConfig.Source.Inline inline) {
            return inline.text().getBytes(StandardCharsets.UTF_8);
        }
        try {
            return Files.readAllBytes(Path.of(((TlsConfig.Source.File) source).path()));
        } catch (InvalidPathException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** The first private key of a PEM text, other blocks such as {@code EC PARAMETERS} left out. */
    private static byte[] der(byte[] pem) throws IOException {
        String text = new String(pem, StandardCharsets.ISO_8859_1);
        int label = text.indexOf("PRIVATE KEY-----");
        int begin = label + "PRIVATE KEY-----".length();
        int end = label < 0 ? -1 : text.indexOf("-----END", begin);
        if (end < 0) {
            throw new IOException("it is cut off");
        }
        return Base64.getMimeDecoder().decode(text.substring(begin, end));
    }

    private static PrivateKey privateKey(byte[] der, String kind, Optional<TlsConfig.Source> password)
            throws IOException, GeneralSecurityException {
        PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(der);
        if (password.isPresent()) {
            String text = new String(bytes(password.get()), StandardCharsets.UTF_8).strip();
            Optional<EncryptedPrivateKeyInfo> encrypted = encrypted(der);
            if (encrypted.isPresent()) {
                spec = decrypted(encrypted.get(), text);
            }
        }
        return KeyFactory.getInstance(kind).generatePrivate(spec);
    }

    /** RFC 5208 section 6; a key with a password beside it may be in the clear all the same. */
    private static Optional<EncryptedPrivateKeyInfo> encrypted(byte[] der) {
        try {
            return Optional.of(new EncryptedPrivateKeyInfo(der));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static PKCS8EncodedKeySpec decrypted(EncryptedPrivateKeyInfo info, String password)
            throws GeneralSecurityException {
        String name = info.getAlgName();
        String scheme = name.equals("PBES2") || name.equals(PBES2)
                ? info.getAlgParameters().toString()
                : name;
        Cipher cipher = Cipher.getInstance(scheme);
        cipher.init(
                Cipher.DECRYPT_MODE,
                SecretKeyFactory.getInstance(scheme).generateSecret(new PBEKeySpec(password.toCharArray())),
                info.getAlgParameters());
        return info.getKeySpec(cipher);
    }

    private static boolean belong(PrivateKey secret, PublicKey certified) throws GeneralSecurityException {
        if (secret instanceof RSAKey one && certified instanceof RSAKey other) {
            return one.getModulus().equals(other.getModulus());
        }
        Signature signature = Signature.getInstance(secret.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "EdDSA");
        byte[] text = {1, 2, 3};
        signature.initSign(secret);
        signature.update(text);
        byte[] signed = signature.sign();
        signature.initVerify(certified);
        signature.update(text);
        return signature.verify(signed);
    }
}
