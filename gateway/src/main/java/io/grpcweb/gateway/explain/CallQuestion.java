package io.grpcweb.gateway.explain;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A call that somebody wonders about.
 *
 * @param method as {@code /package.Service/Method}
 * @param origin the page that calls
 * @param host that is asked; the listener's address where it is not given
 * @param listener the name of the only one that is of interest
 * @param headers as {@code name: value}
 */
public record CallQuestion(
        String method,
        Optional<String> origin,
        Optional<String> host,
        Optional<String> listener,
        List<String> headers) {

    public CallQuestion {
        headers = List.copyOf(headers);
    }

    /**
     * The head of the request.
     *
     * @throws IllegalArgumentException names a header that is none
     */
    Http2Headers head(String authority) {
        Http2Headers head = new DefaultHttp2Headers();
        head.method("POST").scheme("http").authority(authority).path(method.startsWith("/") ? method : "/" + method);
        head.set("content-type", "application/grpc-web+proto");
        head.set("x-grpc-web", "1");
        origin.ifPresent(page -> head.set("origin", page));
        for (String header : headers) {
            int colon = header.indexOf(':', 1);
            if (colon < 0) {
                throw new IllegalArgumentException("--header '" + header + "' is not NAME: VALUE");
            }
            head.set(
                    header.substring(0, colon).strip().toLowerCase(Locale.ROOT),
                    header.substring(colon + 1).strip());
        }
        return head;
    }
}
