package io.grpcweb.gateway.filter.cors;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Says which fields of a response a script may read ({@code access-control-expose-headers}). The list stands for itself, or
 * grows by what else the response has; no wildcard does that where cookies are sent (Fetch, section 3.3.5).
 */
final class ExposedFields {
    /** Every script may read these (Fetch, CORS-safelisted response-header names), or no script may, or they say nothing to one. */
    private static final Set<String> NEVER_LISTED = Set.of(
            "cache-control",
            "content-language",
            "content-length",
            "content-type",
            "expires",
            "last-modified",
            "pragma",
            "set-cookie",
            "vary",
            "date",
            "server",
            "connection",
            "trailer");

    private static final String CORS = "access-control-";

    private final AsciiString list;
    private final Set<String> known;

    /**
     * Fields of a policy.
     *
     * @param names separated by commas; may be empty
     * @param sent whether what else a response has is added
     */
    ExposedFields(String names, boolean sent) {
        this.list = new AsciiString(names);
        this.known = sent
                ? Stream.concat(
                                NEVER_LISTED.stream(),
                                Stream.of(names.toLowerCase(Locale.ROOT).split(",", -1)))
                        .map(String::strip)
                        .collect(Collectors.toUnmodifiableSet())
                : null;
    }

    void stamp(Http2Headers head) {
        CharSequence all = known == null ? list : withSent(head);
        if (all.length() > 0) {
            head.set(HttpHeaderNames.ACCESS_CONTROL_EXPOSE_HEADERS, all);
        }
    }

    /** Most responses have nothing else. */
    private CharSequence withSent(Http2Headers head) {
        Set<String> more = null;
        for (Map.Entry<CharSequence, CharSequence> field : head) {
            String name = field.getKey().toString();
            if (name.charAt(0) != ':' && !known.contains(name) && !name.startsWith(CORS)) {
                more = more == null ? new TreeSet<>() : more;
                more.add(name);
            }
        }
        if (more == null) {
            return list;
        }
        String names = String.join(",", more);
        return list.isEmpty() ? names : list + "," + names;
    }
}
