package io.grpcweb.gateway.filter;

import java.util.Set;

/** Fields of a response that HTTP itself reads, and that therefore stay in its head. */
public final class HttpFields {
    private static final Set<String> NAMES = Set.of(
            "age",
            "allow",
            "alt-svc",
            "cache-control",
            "content-encoding",
            "content-language",
            "content-length",
            "content-location",
            "content-type",
            "date",
            "etag",
            "expires",
            "last-modified",
            "location",
            "pragma",
            "retry-after",
            "server",
            "set-cookie",
            "strict-transport-security",
            "te",
            "trailer",
            "vary",
            "via",
            "www-authenticate");

    private HttpFields() {}

    /** Whether this is one of them, in lower-case. */
    public static boolean contains(String name) {
        return NAMES.contains(name)
                || name.startsWith("access-control-")
                || name.startsWith("x-envoy-")
                || name.startsWith("cross-origin-");
    }
}
