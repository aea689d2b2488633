package io.grpcweb.gateway.route;

import io.grpcweb.gateway.config.HttpConfig;
import io.grpcweb.gateway.config.HttpConfig.Path.EscapedSlashes;
import io.grpcweb.gateway.http.PercentEncoding;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayList;
import java.util.List;

/**
 * Brings paths into one form before they are routed, so that a route cannot be got round by another spelling (RFC 3986
 * section 6.2.2, as Envoy's path_utility). The query stays as it is.
 */
final class PathForm {
    private final HttpConfig.Path settings;

    /** What becomes of the request. */
    enum Outcome {
        SERVE,
        REFUSE,
        REDIRECT
    }

    PathForm(HttpConfig.Path settings) {
        this.settings = settings;
    }

    /** Rewrites {@code :path}. */
    Outcome apply(Http2Headers head) {
        if (settings.keepsAll()) {
            return Outcome.SERVE;
        }
        String full = head.path().toString();
        int mark = full.indexOf('?');
        String query = mark < 0 ? "" : full.substring(mark);
        String path = mark < 0 ? full : full.substring(0, mark);
        Outcome outcome = Outcome.SERVE;
        if (settings.escapedSlashes() != EscapedSlashes.KEEP_UNCHANGED) {
            String plain = unescapeSlashes(path);
            if (!plain.equals(path)) {
                if (settings.escapedSlashes() == EscapedSlashes.REJECT_REQUEST) {
                    return Outcome.REFUSE;
                }
                if (settings.escapedSlashes() == EscapedSlashes.UNESCAPE_AND_REDIRECT) {
                    outcome = Outcome.REDIRECT;
                }
                path = plain;
            }
        }
        if (settings.normalize()) {
            path = normalize(path);
            if (path == null) {
                return Outcome.REFUSE;
            }
        }
        if (settings.mergeSlashes()) {
            path = mergeSlashes(path);
        }
        head.path(path + query);
        return outcome;
    }

    private static String unescapeSlashes(String path) {
        return path.replace("%2F", "/").replace("%2f", "/").replace("%5C", "\\").replace("%5c", "\\");
    }

    static String mergeSlashes(String path) {
        StringBuilder out = new StringBuilder(path.length());
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c != '/' || out.isEmpty() || out.charAt(out.length() - 1) != '/') {
                out.append(c);
            }
        }
        return out.toString();
    }

    /** Unreserved characters unescaped, others that a path must not have escaped, dot segments gone; null: not a path. */
    static String normalize(String path) {
        if (!path.startsWith("/")) {
            return path;
        }
        String plain = characters(path);
        if (plain == null) {
            return null;
        }
        String[] segments = plain.substring(1).split("/", -1);
        List<String> kept = new ArrayList<>(segments.length);
        for (int i = 0; i < segments.length; i++) {
            String segment = segments[i];
            boolean last = i == segments.length - 1;
            if (segment.equals("..") && !kept.isEmpty()) {
                kept.remove(kept.size() - 1);
            }
            if (!segment.equals(".") && !segment.equals("..")) {
                kept.add(segment);
            } else if (last) {
                kept.add("");
            }
        }
        return "/" + String.join("/", kept);
    }

    private static String characters(String path) {
        StringBuilder out = new StringBuilder(path.length());
        // The last percent sign that begins no escape.
        int percent = -1;
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            int escaped = c == '%' && i + 2 < path.length()
                    ? PercentEncoding.octet(path.charAt(i + 1), path.charAt(i + 2))
                    : -1;
            if (escaped == 0) {
                return null;
            }
            if (escaped > 0 && isUnreserved((char) escaped)) {
                out.append((char) escaped);
                i += 2;
                if (percent >= 0 && makesEscape(out, percent, path, i + 1)) {
                    out.insert(percent + 1, "25");
                    percent = -1;
                }
            } else if (c == '\\') {
                // Clients take it for a slash.
                out.append('/');
            } else if (c <= ' ' || c >= 0x7f || "\"<>`{}|^".indexOf(c) >= 0) {
                out.append('%').append(Character.toUpperCase(Character.forDigit(c >> 4 & 15, 16)));
                out.append(Character.toUpperCase(Character.forDigit(c & 15, 16)));
            } else {
                if (c == '%' && escaped < 0) {
                    percent = out.length();
                }
                out.append(c);
            }
        }
        return out.toString();
    }

    /**
     * Whether what was unescaped behind a percent sign is an escape with it, as in {@code %%32e}: the next reader would unescape it
     * once more, and find a dot where none was routed by.
     *
     * @param rest from here on the path has not been looked at
     */
    private static boolean makesEscape(StringBuilder out, int percent, String path, int rest) {
        int behind = out.length() - percent - 1;
        if (behind > 2) {
            return false;
        }
        char low;
        if (behind == 2) {
            low = out.charAt(percent + 2);
        } else if (rest < path.length()) {
            low = path.charAt(rest);
        } else {
            return false;
        }
        return PercentEncoding.octet(out.charAt(percent + 1), low) >= 0;
    }

    /** RFC 3986 section 2.3. */
    private static boolean isUnreserved(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || "-._~".indexOf(c) >= 0;
    }
}
