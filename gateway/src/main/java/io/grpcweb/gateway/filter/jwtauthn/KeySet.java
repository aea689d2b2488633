package io.grpcweb.gateway.filter.jwtauthn;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.spec.SecretKeySpec;

/** The keys of a JSON web key set (RFC 7517 section 5) that tokens can be verified with. */
record KeySet(List<VerificationKey> keys) {
    /** What stands before the 32 bytes of an Ed25519 key in a SubjectPublicKeyInfo (RFC 8410 section 4). */
    private static final byte[] ED25519_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    private static final int ED25519_BYTES = 32;

    /**
     * A key.
     *
     * @param kid empty where it has none
     * @param alg the one algorithm that it is for, as it stands in the set; empty for all that its kind can do
     * @param curveBits of an EC key, else 0
     */
    record VerificationKey(String kid, String alg, Algorithm.Family family, int curveBits, Key key) {

        /** Whether it may verify with this algorithm. */
        boolean serves(Algorithm algorithm) {
            return family == algorithm.family() && (curveBits == 0 || curveBits == algorithm.bits());
        }
    }

    KeySet {
        keys = List.copyOf(keys);
    }

    /**
     * Reads a set. A key that cannot be read, or is of another kind, is left out, as it may be for somebody else.
     *
     * @throws IOException says why there is no key in it
     */
    static KeySet parse(String text) throws IOException {
        Map<String, Object> set;
        try {
            set = new JsonTree().object(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IOException("the key set is no JSON object", e);
        }
        if (!(set.get("keys") instanceof List<?> list)) {
            throw new IOException("the key set has no list 'keys'");
        }
        List<VerificationKey> found = new ArrayList<>();
        String problem = "the list 'keys' is empty";
        for (Object one : list) {
            try {
                key(one).ifPresent(found::add);
                problem = "none of its keys is of kind RSA, EC, OKP (Ed25519) or oct";
            } catch (ParseException | JOSEException | GeneralSecurityException | IllegalArgumentException e) {
                problem = "a key cannot be read: " + e.getMessage();
            }
        }
        if (found.isEmpty()) {
            throw new IOException(problem);
        }
        return new KeySet(found);
    }

    @SuppressWarnings("unchecked")
    private static Optional<VerificationKey> key(Object json)
            throws ParseException, JOSEException, GeneralSecurityException {
        if (!(json instanceof Map<?, ?> fields)) {
            throw new ParseException("an object is expected", 0);
        }
        JWK jwk = JWK.parse((Map<String, Object>) fields);
        if (jwk instanceof RSAKey rsa) {
            return Optional.of(made(jwk, Algorithm.Family.RSA, 0, rsa.toRSAPublicKey()));
        }
        if (jwk instanceof ECKey ec) {
            int bits = ec.toECPublicKey().getParams().getOrder().bitLength();
            return Optional.of(made(jwk, Algorithm.Family.EC, bits, ec.toECPublicKey()));
        }
        if (jwk instanceof OctetSequenceKey oct) {
            return Optional.of(made(jwk, Algorithm.Family.HMAC, 0, new SecretKeySpec(oct.toByteArray(), "HmacSHA256")));
        }
        return jwk instanceof OctetKeyPair pair && pair.getCurve().equals(Curve.Ed25519)
                ? Optional.of(made(jwk, Algorithm.Family.ED25519, 0, ed25519(pair.getDecodedX())))
                : Optional.empty();
    }

    private static PublicKey ed25519(byte[] point) throws GeneralSecurityException {
        if (point.length != ED25519_BYTES) {
            throw new GeneralSecurityException(
                    "an Ed25519 key has " + ED25519_BYTES + " bytes, and this one has " + point.length);
        }
        byte[] info = new byte[ED25519_PREFIX.length + ED25519_BYTES];
        System.arraycopy(ED25519_PREFIX, 0, info, 0, ED25519_PREFIX.length);
        System.arraycopy(point, 0, info, ED25519_PREFIX.length, ED25519_BYTES);
        return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(info));
    }

    private static VerificationKey made(JWK jwk, Algorithm.Family family, int bits, Key key) {
        String kid = jwk.getKeyID() == null ? "" : jwk.getKeyID();
        String alg = jwk.getAlgorithm() == null ? "" : jwk.getAlgorithm().getName();
        return new VerificationKey(kid, alg, family, bits, key);
    }
}
