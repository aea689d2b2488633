package io.grpcweb.gateway.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Iterator;
import java.util.StringJoiner;

/** The cookies of a request (RFC 6265 section 4.2). */
public final class Cookies {
    private Cookies() {}

    /** The value of a cookie without its quotes; empty where there is none. */
    public static String value(Http2Headers request, String name) {
        Iterator<CharSequence> fields = request.valueIterator(HttpHeaderNames.COOKIE);
        while (fields.hasNext()) {
            for (String pair : fields.next().toString().split(";", -1)) {
                int mark = pair.indexOf('=');
                if (isNamed(pair, name)) {
                    String value = pair.substring(mark + 1).strip();
                    boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
                    return quoted ? value.substring(1, value.length() - 1) : value;
                }
            }
        }
        return "";
    }

    /** Takes a cookie out of the request. */
    public static void remove(Http2Headers request, String name) {
        CharSequence sent = request.get(HttpHeaderNames.COOKIE);
        if (sent == null || value(request, name).isEmpty()) {
            return;
        }
        StringJoiner left = new StringJoiner("; ");
        for (CharSequence field : request.getAll(HttpHeaderNames.COOKIE)) {
            for (String pair : field.toString().split(";", -1)) {
                if (!isNamed(pair, name)) {
                    left.add(pair.strip());
                }
            }
        }
        request.remove(HttpHeaderNames.COOKIE);
        if (left.length() > 0) {
            request.set(HttpHeaderNames.COOKIE, left.toString());
        }
    }

    private static boolean isNamed(String pair, String name) {
        int mark = pair.indexOf('=');
        return mark >= 0 && pair.substring(0, mark).strip().equals(name);
    }
}
