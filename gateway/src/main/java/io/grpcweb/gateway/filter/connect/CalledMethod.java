package io.grpcweb.gateway.filter.connect;

/** The method that the path of a request names, which may stand behind a prefix that the route removes. */
final class CalledMethod {
    private CalledMethod() {}

    /** {@code /package.Service/Method}: the last two segments of the path, without a query (Connect protocol, Routing). */
    static String of(CharSequence path) {
        String text = path.toString();
        int query = text.indexOf('?');
        String plain = query < 0 ? text : text.substring(0, query);
        int method = plain.lastIndexOf('/');
        int service = method < 1 ? -1 : plain.lastIndexOf('/', method - 1);
        return service < 1 ? plain : plain.substring(service);
    }
}
