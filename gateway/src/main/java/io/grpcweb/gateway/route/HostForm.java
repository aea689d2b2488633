package io.grpcweb.gateway.route;

import io.grpcweb.gateway.config.HttpConfig;
import io.netty.handler.codec.http2.Http2Headers;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** The form in which routes and backends see the host of a request (Envoy's conn_manager_utility, maybeNormalizeHost). */
final class HostForm {
    private final HttpConfig.Host settings;

    HostForm(HttpConfig.Host settings) {
        this.settings = settings;
    }

    /** Changes the authority of a head that came in at the address. */
    void apply(Http2Headers head, SocketAddress local) {
        if (settings.keepsAll() || head.authority() == null) {
            return;
        }
        String given = head.authority().toString();
        String host = given;
        if (settings.stripTrailingDot()) {
            host = withoutDot(host);
        }
        int port = portStart(host);
        if (port > 0 && (settings.port() == HttpConfig.Host.Port.STRIP_ANY || isPort(host.substring(port), local))) {
            host = host.substring(0, port - 1);
        }
        if (!host.equals(given)) {
            head.authority(host);
        }
    }

    private boolean isPort(String text, SocketAddress local) {
        return settings.port() == HttpConfig.Host.Port.STRIP_MATCHING
                && local instanceof InetSocketAddress here
                && text.equals(Integer.toString(here.getPort()));
    }

    /** The dot of the root, at the end or in front of a port. */
    private static String withoutDot(String host) {
        if (host.endsWith(".")) {
            return host.substring(0, host.length() - 1);
        }
        int port = portStart(host);
        return port > 1 && host.charAt(port - 2) == '.' ? host.substring(0, port - 2) + host.substring(port - 1) : host;
    }

    /** Where the digits behind the last colon begin; 0 where there is no port. */
    static int portStart(CharSequence host) {
        int at = host.length();
        while (at > 0 && host.charAt(at - 1) >= '0' && host.charAt(at - 1) <= '9') {
            at--;
        }
        boolean port = at > 1 && at < host.length() && host.charAt(at - 1) == ':';
        // The last part of an IPv6 address without brackets is none.
        return port && (host.charAt(at - 2) == ']' || indexOf(host, ':') == at - 1) ? at : 0;
    }

    private static int indexOf(CharSequence text, char wanted) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == wanted) {
                return i;
            }
        }
        return -1;
    }
}
