package io.grpcweb.gateway.format;

import io.grpcweb.gateway.http.Parameters;
import io.grpcweb.gateway.http.PercentEncoding;
import io.grpcweb.gateway.http.StreamInfo;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** Operators that read header fields: {@code REQ(A?B)} is the first of two that is there. */
public final class HeaderOperators {
    private static final AsciiString ORIGINAL_PATH = AsciiString.cached("x-envoy-original-path");
    private static final AsciiString PATH = AsciiString.cached(":path");

    private HeaderOperators() {}

    static Map<String, Function<String, Operator>> all() {
        Map<String, Function<String, Operator>> operators = new LinkedHashMap<>();
        for (String name : new String[] {"REQ", "REQUEST_HEADER"}) {
            operators.put(name, field -> fields(name, field, info -> info.requestHeaders));
        }
        for (String name : new String[] {"RESP", "RESPONSE_HEADER"}) {
            operators.put(name, field -> fields(name, field, info -> info.responseHeaders));
        }
        for (String name : new String[] {"TRAILER", "RESPONSE_TRAILER"}) {
            operators.put(name, field -> fields(name, field, HeaderOperators::trailers));
        }
        operators.put(
                "REQ_WITHOUT_QUERY",
                field -> withoutQuery(fields("REQ_WITHOUT_QUERY", field, info -> info.requestHeaders)));
        operators.put("PATH", HeaderOperators::path);
        operators.put("QUERY_PARAM", HeaderOperators::parameter);
        operators.put("QUERY_PARAMS", HeaderOperators::query);
        return operators;
    }

    /** Trailers that went to the client as such; those of gRPC-Web and Connect are part of the body or the head, as Envoy sees it. */
    private static Http2Headers trailers(StreamInfo info) {
        return info.format.isTranslated() ? null : info.responseTrailers;
    }

    private static Operator fields(String operator, String argument, Function<StreamInfo, Http2Headers> where) {
        if (argument == null || argument.isEmpty()) {
            throw new BadFormat(operator + " requires parameters");
        }
        String[] names = argument.toLowerCase(Locale.ROOT).split("\\?", -1);
        if (names.length > 2) {
            throw new BadFormat("More than 1 alternative header specified in token: " + argument);
        }
        Operator.Octets first = field(names[0], where);
        if (names.length == 1) {
            return first;
        }
        Operator.Octets second = field(names[1], where);
        return (Operator.Octets) info -> {
            CharSequence value = first.of(info);
            return value == null ? second.of(info) : value;
        };
    }

    /** What comes before the question mark of a value. */
    private static Operator withoutQuery(Operator field) {
        Operator.Octets whole = (Operator.Octets) field;
        return (Operator.Octets) info -> {
            CharSequence value = whole.of(info);
            int query = value == null ? -1 : AsciiString.indexOf(value, '?', 0);
            return query < 0 ? value : value.subSequence(0, query);
        };
    }

    private static Operator.Octets field(String name, Function<StreamInfo, Http2Headers> where) {
        if (name.equals(":path")) {
            return HeaderOperators::path;
        }
        AsciiString wanted = AsciiString.cached(name);
        return info -> first(where.apply(info), wanted);
    }

    /** The present path with the query that gRPC-Web calls do not hand on. */
    static CharSequence path(StreamInfo info) {
        CharSequence path = first(info.requestHeaders, PATH);
        String original = info.originalPath;
        return path != null
                        && original != null
                        && original.length() > path.length()
                        && original.charAt(path.length()) == '?'
                        && AsciiString.regionMatches(original, false, 0, path, 0, path.length())
                ? original
                : path;
    }

    /** Names and values, as they are before HPACK. */
    public static long bytes(Http2Headers headers) {
        long bytes = 0;
        if (headers != null) {
            for (Map.Entry<CharSequence, CharSequence> field : headers) {
                bytes += field.getKey().length() + field.getValue().length();
            }
        }
        return bytes;
    }

    static CharSequence first(Http2Headers headers, CharSequence name) {
        return headers == null ? null : headers.get(name);
    }

    /** {@code PATH(WQ|NQ[:ORIG|PATH|ORIG_OR_PATH])}: with or without the query; the original one or the present one. */
    private static Operator path(String argument) {
        String[] words = (argument == null || argument.isEmpty() ? "WQ" : argument).split(":", -1);
        boolean query =
                switch (words[0]) {
                    case "WQ", "" -> true;
                    case "NQ" -> false;
                    default -> throw new BadFormat("Invalid PATH option: '" + words[0] + "', only 'WQ' and 'NQ'");
                };
        String which = words.length > 1 && !words[1].isEmpty() ? words[1] : "ORIG_OR_PATH";
        if (!which.equals("ORIG") && !which.equals("PATH") && !which.equals("ORIG_OR_PATH")) {
            throw new BadFormat("Invalid PATH option: '" + which + "', only 'ORIG', 'PATH' and 'ORIG_OR_PATH'");
        }
        boolean original = !which.equals("PATH");
        boolean present = !which.equals("ORIG");
        return (Operator.Octets) info -> {
            CharSequence path = original ? first(info.requestHeaders, ORIGINAL_PATH) : null;
            if (path == null && present) {
                path = path(info);
            }
            int mark = path == null || query ? -1 : AsciiString.indexOf(path, '?', 0);
            return mark < 0 ? path : path.subSequence(0, mark);
        };
    }

    /** What stands behind the question mark; null without one. */
    static CharSequence query(CharSequence path) {
        int mark = path == null ? -1 : AsciiString.indexOf(path, '?', 0);
        return mark < 0 ? null : path.subSequence(mark + 1, path.length());
    }

    /** {@code QUERY_PARAMS(ORIG|DECODED)}: as it came, or with its escapes undone, in which a plus stays one. */
    private static Operator query(String form) {
        if (form == null || form.isEmpty() || form.equals("ORIG")) {
            return (Operator.Octets) info -> query(path(info));
        }
        if (!form.equals("DECODED")) {
            throw new BadFormat("Invalid QUERY_PARAMS option: '" + form + "', only 'ORIG'/'DECODED' are allowed");
        }
        return (Operator.Octets) info -> {
            CharSequence query = query(path(info));
            return query == null ? null : decoded(query.toString());
        };
    }

    /** As Envoy, which undoes escapes of what can be seen alone. */
    private static String decoded(String query) {
        StringBuilder out = new StringBuilder(query.length());
        for (int i = 0; i < query.length(); i++) {
            char c = query.charAt(i);
            int seen = c == '%' && i + 2 < query.length()
                    ? PercentEncoding.octet(query.charAt(i + 1), query.charAt(i + 2))
                    : 0;
            if (seen > ' ' && seen < 127) {
                out.append((char) seen);
                i += 2;
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    private static Operator parameter(String name) {
        if (name == null || name.isEmpty()) {
            throw new BadFormat("QUERY_PARAM requires parameters");
        }
        return (Operator.Octets) info -> {
            CharSequence path = path(info);
            return path == null ? null : Parameters.of(path).logged(name);
        };
    }
}
