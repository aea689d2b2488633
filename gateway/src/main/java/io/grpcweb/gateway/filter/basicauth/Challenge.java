package io.grpcweb.gateway.filter.basicauth;

import io.grpcweb.gateway.http.Details;
import io.grpcweb.gateway.http.GrpcStatus;
import io.grpcweb.gateway.http.LocalReply;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.List;
import java.util.Map;

/** A refusal that tells how to sign in (RFC 9110 section 11.6.1). */
final class Challenge {
    /** Of the path that comes back in the realm. */
    private static final int MOST_PATH = 256;

    private Challenge() {}

    /** The reply; without a realm of the configuration it is the URL of the request. */
    static LocalReply refusal(String scheme, String realm, Http2Headers head, String message, Details details) {
        String text = realm.isEmpty() ? url(head) : realm;
        String quoted = text.replace("\\", "\\\\").replace("\"", "\\\"");
        return new LocalReply(
                401,
                GrpcStatus.UNAUTHENTICATED.code(),
                message,
                null,
                details,
                List.of(Map.entry("www-authenticate", scheme + " realm=\"" + quoted + "\"")));
    }

    private static String url(Http2Headers head) {
        String path = head.path().toString();
        return head.scheme() + "://" + head.authority()
                + (path.length() > MOST_PATH ? path.substring(0, MOST_PATH) : path);
    }
}
