package io.grpcweb.gateway.filter.jwtauthn;

import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is made of tokens that were checked: fields for the backend, and dynamic metadata. */
final class Outcomes {
    /** Envoy's name of the metadata, whatever the filter is called. */
    private static final String NAMESPACE = "envoy.filters.http.jwt_authn";

    private Outcomes() {}

    /** A token is good. */
    static void apply(JwtProvider provider, Jwt token, JwtCall call) {
        JwtProvider.Outcome wanted = provider.outcome();
        Http2Headers head = call.head();
        wanted.payloadHeader()
                .ifPresent(name -> head.set(
                        AsciiString.of(name), wanted.padPayload() ? padded(token.payload()) : token.payload()));
        for (JwtProvider.Claim claim : wanted.claims()) {
            String value = ClaimText.of(at(token.claims(), claim.path()));
            if (value != null && !value.isEmpty() && isFieldValue(value)) {
                head.set(
                        AsciiString.of(claim.header()), new AsciiString(value.getBytes(StandardCharsets.UTF_8), false));
            }
        }
        wanted.headerMetadata().ifPresent(key -> put(call, key, token.header()));
        wanted.payloadMetadata().ifPresent(key -> put(call, key, normalized(token.claims(), wanted.spaceDelimited())));
    }

    /** A token of a provider is not good. */
    static void failed(JwtProvider provider, JwtStatus status, JwtCall call) {
        provider.outcome()
                .failureMetadata()
                .ifPresent(key -> put(call, key, Map.of("code", (long) status.code(), "message", status.text())));
    }

    private static void put(JwtCall call, String key, Map<String, ?> value) {
        call.exchange().info().addMetadata().putAll(NAMESPACE, Map.of(key, value));
    }

    private static String padded(String base64) {
        return base64 + "=".repeat((4 - base64.replace("=", "").length() % 4) % 4);
    }

    /** What stands at the end of a path; null for nothing. */
    private static Object at(Map<String, Object> claims, List<String> path) {
        Object value = claims;
        for (String name : path) {
            value = value instanceof Map<?, ?> structure ? structure.get(name) : null;
        }
        return value;
    }

    /** RFC 9110 section 5.5; what a claim says must not end the field it stands in. */
    private static boolean isFieldValue(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < ' ' && c != '\t') || c == 0x7f) {
                return false;
            }
        }
        return true;
    }

    private static Map<String, Object> normalized(Map<String, Object> claims, List<String> spaceDelimited) {
        if (spaceDelimited.isEmpty()) {
            return claims;
        }
        Map<String, Object> changed = new LinkedHashMap<>(claims);
        for (String name : spaceDelimited) {
            if (changed.get(name) instanceof String text) {
                changed.put(name, List.of(text.isEmpty() ? new String[0] : text.split(" +")));
            }
        }
        return changed;
    }
}
