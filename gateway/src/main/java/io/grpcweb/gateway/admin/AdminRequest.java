package io.grpcweb.gateway.admin;

import io.netty.handler.codec.http.HttpMethod;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is asked of a page.
 *
 * @param path without the query
 * @param query parameters in their order; one without a value has an empty one
 * @param accept the forms that the client takes; empty where it does not say
 */
record AdminRequest(HttpMethod method, String path, Map<String, String> query, String accept) {

    /** As it came in the request line. A plus sign is a plus sign, for the sake of regular expressions. */
    static AdminRequest of(HttpMethod method, String uri, String accept) {
        int mark = uri.indexOf('?');
        Map<String, String> query = new LinkedHashMap<>();
        if (mark >= 0) {
            for (String part : uri.substring(mark + 1).split("&", -1)) {
                int equals = part.indexOf('=');
                String name = decode(equals < 0 ? part : part.substring(0, equals));
                if (!name.isEmpty()) {
                    query.put(name, equals < 0 ? "" : decode(part.substring(equals + 1)));
                }
            }
        }
        return new AdminRequest(method, mark < 0 ? uri : uri.substring(0, mark), query, accept);
    }

    boolean has(String name) {
        return query.containsKey(name);
    }

    /** The value of a parameter, or null. */
    String value(String name) {
        return query.get(name);
    }

    private static String decode(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            int high = i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
            int low = i + 2 < bytes.length ? Character.digit(bytes[i + 2], 16) : -1;
            if (bytes[i] == '%' && high >= 0 && low >= 0) {
                out.write(high * 16 + low);
                i += 2;
            } else {
                out.write(bytes[i]);
            }
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}
