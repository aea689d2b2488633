package io.grpcweb.gateway.admin;

import io.grpcweb.gateway.http.ForeignText;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.util.NetUtil;
import java.util.List;
import java.util.Locale;

/**
 * Keeps pages of other sites away. A page whose name is made to point at this machine (DNS rebinding) sends its own name as
 * Host: only IP addresses and names that no public DNS zone can have are answered. Any other page says where it comes from,
 * by Origin or Sec-Fetch-Site, even if all it wants is an image: it must be from this listener. Programs send neither.
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
            return "'" + ForeignText.of(host) + "' may be the name of somebody's web site: use the IP address";
        }
        for (String origin : headers.getAll(HttpHeaderNames.ORIGIN)) {
            if (!isOwn(origin.toLowerCase(Locale.ROOT), host)) {
                return "a page of " + ForeignText.of(origin) + " may not ask for anything here";
            }
        }
        for (String site : headers.getAll("sec-fetch-site")) {
            if (!isWelcome(site.strip().toLowerCase(Locale.ROOT), method, headers)) {
                return "a page of another site may not ask for anything here";
            }
        }
        return null;
    }

    /**
     * Whether a browser may ask (Fetch Metadata, section 2.4): somebody has typed the address or uses a page of this
     * listener. A link on a page of the same site, such as one on another port, may be followed, but no such page may embed
     * or fetch anything.
     */
    private static boolean isWelcome(String site, HttpMethod method, HttpHeaders headers) {
        return switch (site) {
            case "none", "same-origin" -> true;
            case "same-site" ->
                !method.equals(HttpMethod.POST)
                        && headers.containsValue("sec-fetch-mode", "navigate", true)
                        && headers.containsValue("sec-fetch-dest", "document", true);
            default -> false;
        };
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
}
