package io.grpcweb.gateway.filter.csrf;

/** The host and the port, as far as it is written, of an origin or a URL. */
final class SourceHost {
    private SourceHost() {}

    /** What is no URL stands for itself, such as {@code null}; empty where there is none. */
    static CharSequence of(CharSequence url) {
        if (url == null) {
            return "";
        }
        String text = url.toString();
        int scheme = text.startsWith("https://") ? 8 : text.startsWith("http://") ? 7 : 0;
        if (scheme == 0) {
            return text;
        }
        int end = scheme;
        while (end < text.length() && "/?#".indexOf(text.charAt(end)) < 0) {
            end++;
        }
        return text.substring(scheme, end);
    }
}
