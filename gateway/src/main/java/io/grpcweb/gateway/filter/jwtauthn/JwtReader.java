package io.grpcweb.gateway.filter.jwtauthn;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** Reads tokens in compact form; what it says of broken ones is what Envoy says. */
final class JwtReader {
    private static final int ED25519_BYTES = 64;

    private final JsonTree json = new JsonTree();

    Jwt read(String token) throws JwtException {
        int start = token.startsWith(".") ? 1 : 0;
        int first = token.indexOf('.', start);
        int second = token.indexOf('.', first + 1);
        if (first <= start
                || second <= first + 1
                || second + 1 >= token.length()
                || token.indexOf('.', second + 1) >= 0) {
            throw new JwtException(JwtStatus.BAD_FORM);
        }
        Map<String, Object> header =
                object(decoded(token.substring(start, first), JwtStatus.HEADER_BASE64), JwtStatus.HEADER_JSON);
        Algorithm alg = algorithm(header);
        String kid = text(header, "kid", JwtStatus.HEADER_KID);
        String payload = token.substring(first + 1, second);
        Map<String, Object> claims = object(decoded(payload, JwtStatus.PAYLOAD_BASE64), JwtStatus.PAYLOAD_JSON);
        String issuer = text(claims, "iss", JwtStatus.BAD_ISS);
        String subject = text(claims, "sub", JwtStatus.BAD_SUB);
        long issuedAt = time(claims, "iat", JwtStatus.IAT_NO_INTEGER, JwtStatus.IAT_RANGE);
        long notBefore = time(claims, "nbf", JwtStatus.NBF_NO_INTEGER, JwtStatus.NBF_RANGE);
        long expires = time(claims, "exp", JwtStatus.EXP_NO_INTEGER, JwtStatus.EXP_RANGE);
        text(claims, "jti", JwtStatus.BAD_JTI);
        List<String> audiences = audiences(claims);
        byte[] signature = decoded(token.substring(second + 1), JwtStatus.SIGNATURE_BASE64);
        if (alg == Algorithm.EDDSA && signature.length != ED25519_BYTES) {
            throw new JwtException(JwtStatus.ED25519_LENGTH);
        }
        byte[] signed = token.substring(start, second).getBytes(StandardCharsets.US_ASCII);
        return new Jwt(
                alg, kid, header, claims, payload, issuer, subject, audiences, issuedAt, notBefore, expires, signed,
                signature);
    }

    private static byte[] decoded(String part, JwtStatus otherwise) throws JwtException {
        try {
            return Base64.getUrlDecoder().decode(part);
        } catch (IllegalArgumentException e) {
            throw new JwtException(otherwise);
        }
    }

    private Map<String, Object> object(byte[] utf8, JwtStatus otherwise) throws JwtException {
        try {
            return json.object(utf8);
        } catch (IOException e) {
            throw new JwtException(otherwise);
        }
    }

    private static Algorithm algorithm(Map<String, Object> header) throws JwtException {
        if (!(header.get("alg") instanceof String name)) {
            throw new JwtException(JwtStatus.HEADER_ALG);
        }
        Algorithm alg = Algorithm.of(name);
        if (alg == null) {
            throw new JwtException(JwtStatus.UNKNOWN_ALG);
        }
        return alg;
    }

    private static String text(Map<String, Object> fields, String name, JwtStatus otherwise) throws JwtException {
        if (!fields.containsKey(name)) {
            return "";
        }
        if (fields.get(name) instanceof String text) {
            return text;
        }
        throw new JwtException(otherwise);
    }

    private static long time(Map<String, Object> claims, String name, JwtStatus noInteger, JwtStatus range)
            throws JwtException {
        if (!claims.containsKey(name)) {
            return -1;
        }
        if (!(claims.get(name) instanceof Number number)) {
            throw new JwtException(noInteger);
        }
        if (number.doubleValue() < 0 || number.doubleValue() >= Long.MAX_VALUE) {
            throw new JwtException(range);
        }
        return number.longValue();
    }

    private static List<String> audiences(Map<String, Object> claims) throws JwtException {
        Object aud = claims.get("aud");
        if (aud instanceof String one) {
            return List.of(one);
        }
        if (aud instanceof List<?> list && list.stream().allMatch(String.class::isInstance)) {
            return list.stream().map(String.class::cast).toList();
        }
        if (!claims.containsKey("aud")) {
            return List.of();
        }
        throw new JwtException(JwtStatus.BAD_AUD);
    }
}
