package io.grpcweb.gateway.check;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** What a browser asks before a page may call, and how it reads the answers (Fetch, sections 4.8 and 4.10). */
record Browser(String origin, String authority, String path) {
    /** What every client of gRPC-Web sends and no browser lets pass unasked. */
    static final List<String> NEEDED = List.of("content-type", "x-grpc-web", "x-user-agent");

    /** What it sends for calls with a deadline. */
    static final String DEADLINE = "grpc-timeout";

    Http2Headers preflight() {
        Http2Headers head = new DefaultHttp2Headers();
        head.method("OPTIONS").scheme("https").authority(authority).path(path);
        head.set("origin", origin)
                .set("access-control-request-method", "POST")
                .set("access-control-request-headers", "content-type,grpc-timeout,x-grpc-web,x-user-agent");
        return head;
    }

    Http2Headers call() {
        Http2Headers head = new DefaultHttp2Headers();
        head.method("POST").scheme("https").authority(authority).path(path);
        head.set("origin", origin)
                .set("content-type", "application/grpc-web+proto")
                .set("x-grpc-web", "1")
                .set("x-user-agent", "grpc-web-javascript/0.1")
                .set("accept", "application/grpc-web+proto");
        return head;
    }

    /** Whether a page of this origin may read the answer. */
    boolean mayRead(Http2Headers answer) {
        CharSequence allowed = answer.get("access-control-allow-origin");
        return allowed != null && (allowed.toString().equals(origin) || "*".contentEquals(allowed));
    }

    /** The names of these that the answer to a preflight does not allow. POST needs no permission. */
    static List<String> refused(Http2Headers answer, List<String> names) {
        Set<String> allowed = list(answer.get("access-control-allow-headers"));
        boolean any = allowed.contains("*") && answer.get("access-control-allow-credentials") == null;
        return any
                ? List.of()
                : names.stream().filter(name -> !allowed.contains(name)).toList();
    }

    /** The names of these that an answer has and the page may not read. */
    static List<String> hidden(Http2Headers answer, List<String> names) {
        Set<String> exposed = list(answer.get("access-control-expose-headers"));
        boolean any = exposed.contains("*") && answer.get("access-control-allow-credentials") == null;
        List<String> hidden = new ArrayList<>();
        for (String name : names) {
            if (answer.contains(name) && !any && !exposed.contains(name)) {
                hidden.add(name);
            }
        }
        return hidden;
    }

    private static Set<String> list(CharSequence field) {
        Set<String> found = new TreeSet<>();
        if (field != null) {
            for (String name : field.toString().split(",", -1)) {
                found.add(name.strip().toLowerCase(Locale.ROOT));
            }
        }
        return found;
    }
}
