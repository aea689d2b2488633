package io.grpcweb.gateway.filter.jwtauthn;

import io.grpcweb.gateway.filter.jwtauthn.KeySet.VerificationKey;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;

/** Verifies signatures with one key set. Confined to an event loop, whose calls share what the JDK needs for it. */
final class Verifier {
    private final List<Prepared> keys;

    Verifier(KeySet set) {
        keys = set.keys().stream().map(Prepared::new).toList();
    }

    /**
     * Whether one of the keys has signed it. A token that names its key is verified with keys of that name and with those
     * that have none; a key that is for one algorithm takes no other.
     */
    JwtStatus verify(Jwt token) {
        boolean asked = false;
        for (Prepared key : keys) {
            if (key.isMeant(token)) {
                asked = true;
                if (key.key.serves(token.alg()) && key.verifies(token)) {
                    return JwtStatus.OK;
                }
            }
        }
        return asked ? JwtStatus.FAILS : JwtStatus.NO_KEY;
    }

    private static final class Prepared {
        private final VerificationKey key;
        private final Map<Algorithm, Signature> signatures = new EnumMap<>(Algorithm.class);
        private final Map<Algorithm, Mac> macs = new EnumMap<>(Algorithm.class);

        Prepared(VerificationKey key) {
            this.key = key;
        }

        boolean isMeant(Jwt token) {
            return (token.kid().isEmpty() || key.kid().isEmpty() || key.kid().equals(token.kid()))
                    && (key.alg().isEmpty() || Algorithm.of(key.alg()) == token.alg());
        }

        boolean verifies(Jwt token) {
            try {
                return token.alg().family() == Algorithm.Family.HMAC ? mac(token) : signature(token);
            } catch (SignatureException e) {
                // The bytes are no signature.
                return false;
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("the JDK cannot verify " + token.alg() + " with this key", e);
            }
        }

        private boolean mac(Jwt token) throws GeneralSecurityException {
            Mac mac = macs.get(token.alg());
            if (mac == null) {
                mac = Mac.getInstance(token.alg().jca());
                mac.init(key.key());
                macs.put(token.alg(), mac);
            }
            return MessageDigest.isEqual(mac.doFinal(token.signed()), token.signature());
        }

        private boolean signature(Jwt token) throws GeneralSecurityException {
            Signature signature = signatures.get(token.alg());
            if (signature == null) {
                signature = token.alg().signature();
                signatures.put(token.alg(), signature);
            }
            // Also puts it back to its beginning where the last one broke off.
            init(signature);
            signature.update(token.signed());
            return signature.verify(token.signature());
        }

        private void init(Signature signature) throws InvalidKeyException {
            signature.initVerify((PublicKey) key.key());
        }
    }
}
