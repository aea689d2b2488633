package io.grpcweb.gateway.files;

import io.grpcweb.gateway.config.RouteConfig;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.LocalReply;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/** Begins responses from the folders of routes. */
public final class FileFolders {
    private final FileReaders readers = new FileReaders();

    /** Answers the request with a file, or by {@link Exchange#reply}, and null then. */
    public FileResponse answer(
            RouteConfig.Route route,
            RouteConfig.Files files,
            Http2Headers request,
            Exchange exchange,
            FileResponse.Receiver receiver) {
        boolean head = "HEAD".contentEquals(request.method());
        if (!head && !"GET".contentEquals(request.method())) {
            exchange.reply(LocalReply.onlyRead());
            return null;
        }
        String path = path(route, request);
        if (path == null) {
            exchange.reply(LocalReply.noFile());
            return null;
        }
        FileResponse response = new FileResponse(exchange, new Folder(files), readers, receiver, head);
        response.begin(
                request,
                path,
                wantsPage(path, request),
                AcceptedCodings.of(request.get(HttpHeaderNames.ACCEPT_ENCODING)));
        return response;
    }

    /** The path below the route's prefix, decoded; null where it cannot be. */
    private static String path(RouteConfig.Route route, Http2Headers request) {
        String whole = request.path().toString();
        int query = whole.indexOf('?');
        String path = query < 0 ? whole : whole.substring(0, query);
        if (route.match().path() instanceof RouteConfig.PathMatch.Prefix prefix
                && prefix.prefix().endsWith("/")
                && path.length() >= prefix.prefix().length()) {
            path = path.substring(prefix.prefix().length() - 1);
        }
        try {
            // The decoder is made for forms, where a plus is a blank.
            String decoded = URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
            return decoded.startsWith("/") ? decoded : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** A browser that opens an address of the page asks for HTML; a script or picture that is missing is missing. */
    private static boolean wantsPage(String path, Http2Headers request) {
        CharSequence accept = request.get(HttpHeaderNames.ACCEPT);
        return path.indexOf('.', path.lastIndexOf('/') + 1) < 0
                && accept != null
                && accept.toString().contains("text/html");
    }
}
