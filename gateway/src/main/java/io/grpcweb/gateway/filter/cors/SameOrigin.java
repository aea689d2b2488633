package io.grpcweb.gateway.filter.cors;

import io.netty.handler.codec.http2.Http2Headers;

/** Whether a page calls the host that it came from: its browser sends an Origin field with every POST (Fetch, section 3.2). */
final class SameOrigin {
    private static final String HTTP = "http://";
    private static final String HTTPS = "https://";

    private SameOrigin() {}

    /**
     * Compares host and port. The scheme is left out, which the gateway may not know where TLS ends in front of it.
     *
     * @param origin the Origin field
     */
    static boolean isOf(CharSequence origin, Http2Headers request) {
        String text = origin.toString();
        boolean secure = text.startsWith(HTTPS);
        if (request.authority() == null || (!secure && !text.startsWith(HTTP))) {
            return false;
        }
        String usualPort = secure ? ":443" : ":80";
        String page = without(text.substring(secure ? HTTPS.length() : HTTP.length()), usualPort);
        return page.equalsIgnoreCase(without(request.authority().toString(), usualPort));
    }

    private static String without(String host, String port) {
        return host.endsWith(port) ? host.substring(0, host.length() - port.length()) : host;
    }
}
