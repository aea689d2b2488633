package io.grpcweb.gateway.testing;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Tokens and key sets as an issuer makes them, with the JDK alone. */
public final class Tokens {
    private static final byte[] SECRET = "a secret of thirty-two bytes ...".getBytes(StandardCharsets.US_ASCII);

    private final KeyPair rsa = pair("RSA", "2048");
    private final KeyPair p256 = pair("EC", "secp256r1");
    private final KeyPair p384 = pair("EC", "secp384r1");
    private final KeyPair p521 = pair("EC", "secp521r1");
    private final KeyPair ed25519 = pair("Ed25519", "");

    private static KeyPair pair(String kind, String parameter) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
            if (kind.equals("RSA")) {
                generator.initialize(Integer.parseInt(parameter));
            } else if (kind.equals("EC")) {
                generator.initialize(new ECGenParameterSpec(parameter));
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** The usual claims, and more of them, which begin with a comma. */
    public static String claims(String more) {
        return "{\"iss\":\"https://issuer.example\",\"sub\":\"user-1\",\"aud\":\"web\"" + more + "}";
    }

    /** A good token of the RSA key. */
    public String good() {
        return token("RS256", claims(""));
    }

    /** A token that names its key, which is called like its algorithm. */
    public String token(String alg, String claims) {
        return token(alg, "{\"alg\":\"" + alg + "\",\"kid\":\"" + alg + "\"}", claims);
    }

    /** A token signed with an algorithm, whatever its header says. */
    public String token(String alg, String header, String claims) {
        String signed =
                base64(header.getBytes(StandardCharsets.UTF_8)) + "." + base64(claims.getBytes(StandardCharsets.UTF_8));
        return signed + "." + base64(signature(alg, key(alg), signed.getBytes(StandardCharsets.US_ASCII)));
    }

    /** The signature of the HMAC that takes the text of a public key for a secret. */
    public String trick(String header, String claims) {
        String signed =
                base64(header.getBytes(StandardCharsets.UTF_8)) + "." + base64(claims.getBytes(StandardCharsets.UTF_8));
        Key secret = new SecretKeySpec(rsa.getPublic().getEncoded(), "HmacSHA256");
        return signed + "." + base64(signature("HS256", secret, signed.getBytes(StandardCharsets.US_ASCII)));
    }

    private Key key(String alg) {
        return switch (alg) {
            case "ES256" -> p256.getPrivate();
            case "ES384" -> p384.getPrivate();
            case "ES512" -> p521.getPrivate();
            case "EdDSA" -> ed25519.getPrivate();
            case "HS256", "HS384", "HS512" -> new SecretKeySpec(SECRET, "HmacSHA256");
            default -> rsa.getPrivate();
        };
    }

    private static byte[] signature(String alg, Key key, byte[] signed) {
        String bits = alg.equals("EdDSA") ? "" : alg.substring(2);
        try {
            if (alg.startsWith("HS")) {
                Mac mac = Mac.getInstance("HmacSHA" + bits);
                mac.init(key);
                return mac.doFinal(signed);
            }
            Signature signature = Signature.getInstance(
                    switch (alg.substring(0, 2)) {
                        case "ES" -> "SHA" + bits + "withECDSAinP1363Format";
                        case "PS" -> "RSASSA-PSS";
                        case "Ed" -> "Ed25519";
                        default -> "SHA" + bits + "withRSA";
                    });
            if (alg.startsWith("PS")) {
                signature.setParameter(new PSSParameterSpec(
                        "SHA-" + bits, "MGF1", new MGF1ParameterSpec("SHA-" + bits), Integer.parseInt(bits) / 8, 1));
            }
            signature.initSign((PrivateKey) key);
            signature.update(signed);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** A key set with a key for each of these algorithms, called like it. */
    public String keys(String... algorithms) {
        return Stream.of(algorithms)
                .map(alg -> key(alg, "\"kid\":\"" + alg + "\",\"alg\":\"" + alg + "\""))
                .collect(Collectors.joining(",", "{\"keys\":[", "]}"));
    }

    /** A key set with keys that say nothing but what they are. */
    public String bareKeys(String... algorithms) {
        return Stream.of(algorithms)
                .map(alg -> key(alg, "\"use\":\"sig\""))
                .collect(Collectors.joining(",", "{\"keys\":[", "]}"));
    }

    private String key(String alg, String more) {
        String fields =
                switch (alg.substring(0, 2)) {
                    case "ES" -> curve(alg);
                    case "Ed" ->
                        "\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\""
                                + base64(Arrays.copyOfRange(ed25519.getPublic().getEncoded(), 12, 44)) + "\"";
                    case "HS" -> "\"kty\":\"oct\",\"k\":\"" + base64(SECRET) + "\"";
                    default -> {
                        RSAPublicKey key = (RSAPublicKey) rsa.getPublic();
                        yield "\"kty\":\"RSA\",\"n\":\"" + number(key.getModulus(), 256) + "\",\"e\":\""
                                + number(key.getPublicExponent(), 3) + "\"";
                    }
                };
        return "{" + fields + "," + more + "}";
    }

    private String curve(String alg) {
        KeyPair pair = alg.equals("ES256") ? p256 : alg.equals("ES384") ? p384 : p521;
        ECPublicKey key = (ECPublicKey) pair.getPublic();
        int bits = key.getParams().getOrder().bitLength();
        int bytes = (bits + 7) / 8;
        return "\"kty\":\"EC\",\"crv\":\"P-" + bits + "\",\"x\":\""
                + number(key.getW().getAffineX(), bytes) + "\",\"y\":\""
                + number(key.getW().getAffineY(), bytes) + "\"";
    }

    private static String number(BigInteger value, int bytes) {
        byte[] plain = value.toByteArray();
        byte[] sized = new byte[bytes];
        int from = Math.max(0, plain.length - bytes);
        System.arraycopy(plain, from, sized, bytes - (plain.length - from), plain.length - from);
        return base64(sized);
    }

    public static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
