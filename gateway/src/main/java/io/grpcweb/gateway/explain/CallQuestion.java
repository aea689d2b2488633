package io.grpcweb.gateway.explain;

import io.grpcweb.gateway.config.Addresses;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
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
 * @param token sent as {@code authorization: Bearer TOKEN}
 * @param peer the IP address that the call comes from
 */
public record CallQuestion(
        String method,
        Optional<String> origin,
        Optional<String> host,
        Optional<String> listener,
        List<String> headers,
        Optional<String> token,
        String peer) {
    /** From where a call comes if nobody says it. */
    public static final String LOCAL = "127.0.0.1";

    /** Nobody decides by it. */
    private static final int PEER_PORT = 50_000;

    public CallQuestion {
        headers = List.copyOf(headers);
        if (!Addresses.isIp(peer)) {
            throw new IllegalArgumentException("the peer '" + peer + "' is not an IP address");
        }
    }

    InetSocketAddress from() {
        return new InetSocketAddress(NetUtil.createInetAddressFromIpAddressString(peer), PEER_PORT);
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
        token.ifPresent(text -> head.set("authorization", "Bearer " + text));
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
