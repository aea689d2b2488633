package io.grpcweb.gateway.filter.jwtauthn;

import java.util.List;
import java.util.Map;

/**
 * A token that was read, and not verified (RFC 7519, RFC 7515 section 3.1). Times are seconds since 1970.
 *
 * @param alg the algorithm of the signature
 * @param kid which key it was signed with; empty where it is not said
 * @param header all of its header
 * @param claims all of its payload
 * @param payload as it stands in the token, base64url
 * @param issuer empty where it is not said
 * @param subject empty where it is not said
 * @param audiences empty where it is not said
 * @param issuedAt -1 where it is not said
 * @param notBefore -1 where it is not said
 * @param expires -1 where it is not said
 * @param signed what the signature was made over
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Jwt(
        Algorithm alg,
        String kid,
        Map<String, Object> header,
        Map<String, Object> claims,
        String payload,
        String issuer,
        String subject,
        List<String> audiences,
        long issuedAt,
        long notBefore,
        long expires,
        byte[] signed,
        byte[] signature) {}
