package io.grpcweb.gateway.filter.jwtauthn;

import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** How a token is signed (RFC 7518 section 3.1, RFC 8037 section 3.1). There is no "none". */
enum Algorithm {
    HS256(Family.HMAC, "HmacSHA256", 256),
    HS384(Family.HMAC, "HmacSHA384", 384),
    HS512(Family.HMAC, "HmacSHA512", 512),
    RS256(Family.RSA, "SHA256withRSA", 256),
    RS384(Family.RSA, "SHA384withRSA", 384),
    RS512(Family.RSA, "SHA512withRSA", 512),
    PS256(Family.RSA, "RSASSA-PSS", 256),
    PS384(Family.RSA, "RSASSA-PSS", 384),
    PS512(Family.RSA, "RSASSA-PSS", 512),
    ES256(Family.EC, "SHA256withECDSAinP1363Format", 256),
    ES384(Family.EC, "SHA384withECDSAinP1363Format", 384),
    ES512(Family.EC, "SHA512withECDSAinP1363Format", 521),
    EDDSA(Family.ED25519, "Ed25519", 255);

    /** What kind of key it takes; a key of one kind never serves another. */
    enum Family {
        HMAC,
        RSA,
        EC,
        ED25519
    }

    private static final Map<String, Algorithm> BY_NAME = new HashMap<>();

    static {
        for (Algorithm one : values()) {
            BY_NAME.put(one == EDDSA ? "EdDSA" : one.name(), one);
        }
    }

    private final Family family;
    private final String jca;
    private final int bits;

    Algorithm(Family family, String jca, int bits) {
        this.family = family;
        this.jca = jca;
        this.bits = bits;
    }

    /** The one that {@code alg} names, which minds letter case; null where it is none. */
    static Algorithm of(String name) {
        return BY_NAME.get(name);
    }

    Family family() {
        return family;
    }

    /** The name of it in the JDK. */
    String jca() {
        return jca;
    }

    /** Of the hash; of the curve where it takes one, because that is fixed by the algorithm (RFC 7518 section 3.4). */
    int bits() {
        return bits;
    }

    Signature signature() throws GeneralSecurityException {
        Signature made = Signature.getInstance(jca);
        if (jca.equals("RSASSA-PSS")) {
            String hash = String.format(Locale.ROOT, "SHA-%d", bits);
            made.setParameter(new PSSParameterSpec(hash, "MGF1", new MGF1ParameterSpec(hash), bits / 8, 1));
        }
        return made;
    }
}
