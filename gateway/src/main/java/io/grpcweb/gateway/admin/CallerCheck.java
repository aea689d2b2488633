package io.grpcweb.gateway.admin;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.util.NetUtil;
import java.util.List;
import java.util.Locale;

/**
 * Keeps pages of other sites away. A page whose name is made to point at this machine (DNS rebinding) sends its own name as
 * Host: only IP addresses and names that no public DNS zone can have are answered. A page that posts a form across sites
 * sends its Origin: it must be this listener's. Programs send neither.
 */
final class CallerCheck {
    /** Ends of names that are not in the public DNS (RFC 6761, RFC 6762, RFC 8375, and those of clusters). */
    private static final List<String> PRIVATE_SUFFIXES = List.of(
            ".localhost", ".local", ".internal", ".lan", ".home.arpa", ".svc", ".cluster.local", ".test", ".invalid");

    private CallerCheck() {}

    /** Why a request is refused, or null. */
    static String refusal(HttpMethod method, HttpHeaders headers) {
        List<String> hosts = headers.getAll(HttpHeaderNames.HOST);
        if (hosts.size() > 1) {
            return "more than one Host field";
        }
        String host = hosts.isEmpty() ? "" : hosts.get(0).toLowerCase(Locale.ROOT);
        if (!isPrivate(nameOf(host))) {
            return "'" + printable(host) + "' may be the name of somebody's web site: use the IP address";
        }
        String origin = headers.get(HttpHeaderNames.ORIGIN);
        if (method.equals(HttpMethod.POST) && origin != null && !isOwn(origin.toLowerCase(Locale.ROOT), host)) {
            return "a page of " + printable(origin) + " may not pull levers here";
        }
        if (method.equals(HttpMethod.POST) && "cross-site".equals(headers.get("sec-fetch-site"))) {
            return "a page of another site may not pull levers here";
        }
        return null;
    }

    private static boolean isOwn(String origin, String host) {
        return origin.equals("http://" + host) || origin.equals("https://" + host);
    }

    private static boolean isPrivate(String name) {
        return name.indexOf('.') < 0
                || NetUtil.isValidIpV4Address(name)
                || NetUtil.isValidIpV6Address(name)
                || PRIVATE_SUFFIXES.stream().anyMatch(name::endsWith);
    }

    /** A host without its port and brackets. */
    private static String nameOf(String host) {
        if (host.startsWith("[")) {
            int end = host.indexOf(']');
            return end < 0 ? host : host.substring(1, end);
        }
        int colon = host.indexOf(':');
        return colon < 0 ? host : host.substring(0, colon);
    }

    private static String printable(String text) {
        return text.substring(0, Math.min(text.length(), 100)).replaceAll("[^!-~]", "?");
    }
}
