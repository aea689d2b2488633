package io.grpcweb.gateway.filter.extauthz;

import io.grpcweb.gateway.http.HeaderBlock;

/** What may be a field of a request or a response, and a part of a query. A service that is compromised may say anything. */
final class FieldSyntax {
    private FieldSyntax() {}

    /** Whether the message can have this field without becoming another one. */
    static boolean isField(Decision.Field field) {
        String value = field.value();
        return switch (field.name()) {
            case ":path" -> HeaderBlock.isTarget(value);
            case ":method" -> HeaderBlock.isToken(value);
            case ":scheme" -> value.equals("http") || value.equals("https");
            case ":authority", "host" -> HeaderBlock.isAuthority(value);
            default -> HeaderBlock.isToken(field.name()) && HeaderBlock.isValue(value);
        };
    }

    /** Whether a field may be called so. */
    static boolean isName(String name) {
        return HeaderBlock.isToken(name.startsWith(":") ? name.substring(1) : name);
    }

    /** As it stands: Envoy encodes neither. */
    static boolean isParameter(Decision.Parameter parameter) {
        return !parameter.name().isEmpty()
                && HeaderBlock.isValue(parameter.name())
                && HeaderBlock.isValue(parameter.value());
    }
}
