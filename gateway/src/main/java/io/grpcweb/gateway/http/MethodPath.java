package io.grpcweb.gateway.http;

/** Paths of gRPC methods as they usually are: only such ones become names of series and labels. */
public final class MethodPath {
    private static final int MAX_LENGTH = 200;

    private MethodPath() {}

    /** Whether it is a service and a method (grpc doc/PROTOCOL-HTTP2.md, Path), with a query or without. */
    public static boolean isMethod(CharSequence path) {
        String text = path.toString();
        int query = text.indexOf('?');
        int end = query < 0 ? text.length() : query;
        int slash = text.indexOf('/', 1);
        return text.startsWith("/") && slash > 1 && slash < end - 1 && text.lastIndexOf('/', end - 1) == slash;
    }

    /** Whether it is {@code /package.Service/Method}, of letters, digits and few signs, and not long. */
    public static boolean isUsual(String path) {
        if (path.length() > MAX_LENGTH
                || path.isEmpty()
                || path.charAt(0) != '/'
                || path.lastIndexOf('/') < 1
                || path.endsWith("/")) {
            return false;
        }
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (!(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || "/._-".indexOf(c) >= 0)) {
                return false;
            }
        }
        return true;
    }
}
