package io.grpcweb.gateway.filter.compressor;

import io.grpcweb.gateway.config.StringMatch;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Which media types of bodies are compressed. */
final class ContentTypes {
    /** Envoy's: text, and what is written as text, and gRPC-Web in its binary form. */
    static final List<StringMatch> USUAL = List.of(
                    "text/html",
                    "text/plain",
                    "text/css",
                    "application/javascript",
                    "application/x-javascript",
                    "text/javascript",
                    "text/x-javascript",
                    "text/ecmascript",
                    "text/js",
                    "text/jscript",
                    "text/x-js",
                    "application/ecmascript",
                    "application/x-json",
                    "application/xml",
                    "application/json",
                    "image/svg+xml",
                    "text/xml",
                    "application/xhtml+xml",
                    "application/grpc-web",
                    "application/grpc-web+proto")
            .stream()
            .map(ContentTypes::exactly)
            .toList();

    private final Set<String> exact;
    private final List<StringMatch> others;

    ContentTypes(List<StringMatch> types) {
        exact = types.stream()
                .filter(StringMatch.Exact.class::isInstance)
                .map(one -> ((StringMatch.Exact) one).text().toLowerCase(Locale.ROOT))
                .collect(Collectors.toCollection(HashSet::new));
        others = types.stream()
                .filter(one -> !(one instanceof StringMatch.Exact))
                .toList();
    }

    static StringMatch exactly(String type) {
        return new StringMatch.Exact(type.toLowerCase(Locale.ROOT), false);
    }

    /** Type and subtype in lower case, without parameters; null where there is no type. */
    static String essence(CharSequence contentType) {
        if (contentType == null) {
            return null;
        }
        String text = contentType.toString();
        int end = text.indexOf(';');
        return (end < 0 ? text : text.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }

    /** Whether bodies of this type are compressed. */
    boolean contain(String essence) {
        if (essence == null || exact.contains(essence)) {
            return true;
        }
        for (int i = 0; i < others.size(); i++) {
            if (others.get(i).reads(essence) && others.get(i).matches(essence)) {
                return true;
            }
        }
        return false;
    }
}
