package io.grpcweb.gateway.filter.router;

import io.grpcweb.gateway.http.Details;
import io.grpcweb.gateway.http.GrpcStatus;
import io.grpcweb.gateway.http.LocalReply;
import io.grpcweb.gateway.http.MethodPath;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * What a person sees who opens the path of a method in a browser: that this is no page, and how to call it. Nothing of the request
 * is in it but what {@link MethodPath} and the characters of host names allow, so that nothing has to be escaped.
 */
final class CallPage {
    private static final String STYLE = """
            body{font:16px/1.6 system-ui,sans-serif;max-width:44rem;margin:3rem auto;padding:0 1rem;color:#1d2733;background:#fbfcfd}
            h1{font-size:1.5rem}h2{font-size:1.05rem;margin-top:2rem}a{color:#0b5cad}
            code,pre{font:14px/1.5 ui-monospace,monospace;overflow-wrap:anywhere}
            pre{padding:.8rem 1rem;background:#eef2f6;border-radius:.4rem;white-space:pre-wrap}
            @media(prefers-color-scheme:dark){body{color:#dbe2ea;background:#14181d}pre{background:#1f262d}a{color:#7db8f5}}
            """;

    private static final String PAGE = """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <title>%1$s is a gRPC method</title><style>%2$s</style></head><body><main>
            <h1>This is a gRPC method, not a page</h1>
            <p><code>%1$s</code> is a method of a service behind this gateway. It is called with POST, by gRPC-Web from pages and by
            gRPC from programs; a browser that opens the address can only send GET.</p>
            <h2>Call it from a page</h2>
            <pre>import { createClient } from "@connectrpc/connect";
            import { createGrpcWebTransport } from "@connectrpc/connect-web";

            const transport = createGrpcWebTransport({ baseUrl: "%3$s://%4$s" });
            await createClient(%5$s, transport).%6$s({});</pre>
            <p>Other libraries work as well: <a href="https://github.com/grpc/grpc-web">grpc-web</a>,
            <a href="https://connectrpc.com/docs/web/">connect-web</a>. A page of another origin needs an entry in <code>cors</code>.</p>
            <h2>Call it from a terminal</h2>
            <pre>grpcurl %7$s-d '{}' %8$s %9$s</pre>
            <p><a href="https://github.com/fullstorydev/grpcurl">grpcurl</a> goes through this gateway too. Where the service does not
            tell its schema by reflection, add <code>-proto FILE</code>.</p>
            <h2>You expected a page here</h2>
            <p>Let a route before this one serve it, such as <code>{ prefix = "/", files = dist }</code>. What this answer is for the
            gateway: <code>%10$s</code>.</p>
            </main></body></html>
            """;

    private static final List<Map.Entry<String, String>> FIELDS = List.of(
            Map.entry("allow", "POST"),
            Map.entry("content-type", "text/html; charset=utf-8"),
            Map.entry(
                    "content-security-policy",
                    "default-src 'none'; style-src 'sha256-" + digest(STYLE)
                            + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"),
            Map.entry("x-content-type-options", "nosniff"),
            Map.entry("referrer-policy", "no-referrer"),
            Map.entry("cache-control", "no-store"));

    private CallPage() {}

    /** For a request that a person's browser sent for the path of a method; null for any other. */
    static LocalReply of(Http2Headers head) {
        String path = head.path().toString();
        int query = path.indexOf('?');
        String method = query < 0 ? path : path.substring(0, query);
        int slash = method.indexOf('/', 1);
        if (!isNavigation(head)
                || !MethodPath.isUsual(method)
                || slash != method.lastIndexOf('/')
                || slash + 1 == method.length()) {
            return null;
        }
        return new LocalReply(
                405,
                GrpcStatus.UNIMPLEMENTED.code(),
                page(method, slash, scheme(head), host(head.authority())),
                null,
                Details.METHOD_REFUSED,
                FIELDS);
    }

    /** Fetch Metadata's {@code navigate}, where a browser says it, and a page as the first thing that it wants. */
    private static boolean isNavigation(Http2Headers head) {
        CharSequence mode = head.get("sec-fetch-mode");
        CharSequence accept = head.get(HttpHeaderNames.ACCEPT);
        return "GET".contentEquals(head.method())
                && (mode == null || "navigate".contentEquals(mode))
                && accept != null
                && accept.toString().contains("text/html");
    }

    private static String page(String path, int slash, String scheme, String host) {
        String service = path.substring(1, slash);
        String name = path.substring(slash + 1);
        boolean secure = scheme.equals("https");
        boolean hasPort = host.lastIndexOf(':') > host.lastIndexOf(']');
        return PAGE.formatted(
                path,
                STYLE,
                scheme,
                host,
                service.substring(service.lastIndexOf('.') + 1),
                Character.toLowerCase(name.charAt(0)) + name.substring(1),
                secure ? "" : "-plaintext ",
                hasPort ? host : host + (secure ? ":443" : ":80"),
                service + "/" + name,
                Details.METHOD_REFUSED.help());
    }

    private static String scheme(Http2Headers head) {
        return head.scheme() != null && "https".contentEquals(head.scheme()) ? "https" : "http";
    }

    /** The host that was asked, where it is made of what names and addresses are made of. */
    private static String host(CharSequence authority) {
        boolean plain = authority != null
                && authority.length() > 0
                && authority.chars().allMatch(c -> Character.isLetterOrDigit(c) && c < 128 || ".-:[]".indexOf(c) >= 0);
        return plain ? authority.toString() : "localhost";
    }

    private static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("each Java has SHA-256", e);
        }
    }
}
