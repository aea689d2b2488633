package io.grpcweb.gateway.http;

/** Where a redirect leads, in a form that cannot lead elsewhere. */
final class Location {
    private Location() {}

    /**
     * A place on the same host that begins with more than one slash names another host to a client, to which a backslash
     * is a slash, too (RFC 3986 section 4.2, WHATWG URL section 4.4): one of them is left. Whole URLs stay as they are.
     */
    static String here(String location) {
        int slashes = 0;
        while (slashes < location.length() && isSlash(location.charAt(slashes))) {
            slashes++;
        }
        return slashes == 0 || (slashes == 1 && location.charAt(0) == '/')
                ? location
                : "/" + location.substring(slashes);
    }

    /** Blanks and control bytes between slashes are left out by clients. */
    private static boolean isSlash(char c) {
        return c == '/' || c == '\\' || c <= ' ';
    }
}
