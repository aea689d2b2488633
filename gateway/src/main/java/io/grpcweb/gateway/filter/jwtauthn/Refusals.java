package io.grpcweb.gateway.filter.jwtauthn;

import io.grpcweb.gateway.http.GrpcStatus;
import io.grpcweb.gateway.http.LocalReply;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** The responses to requests that lack what they need. */
final class Refusals {
    /** Characters of the realm, as in Envoy. */
    private static final int REALM = 256;

    private Refusals() {}

    /**
     * To a request whose tokens are not good.
     *
     * @param silent whether it tells neither reason nor challenge
     */
    static LocalReply of(JwtStatus status, Http2Headers head, boolean silent) {
        return new LocalReply(
                status.http(),
                GrpcStatus.fromHttp(status.http()).code(),
                silent ? "" : status.text(),
                null,
                details(status.text()),
                silent ? List.of() : List.of(Map.entry("www-authenticate", challenge(status, head))));
    }

    static LocalReply unknownRequirement(String name, Collection<String> known) {
        String problem =
                "Wrong requirement_name: " + name + ". It should be one of [" + String.join(",", known) + "]";
        return new LocalReply(
                403,
                GrpcStatus.PERMISSION_DENIED.code(),
                "Failed JWT authentication: " + problem,
                null,
                details(problem),
                List.of());
    }

    private static String details(String text) {
        return "jwt_authn_access_denied{" + text.replace(' ', '_') + "}";
    }

    /**
     * RFC 6750 section 3. The realm is what was asked for, without the query: a token there would stand in the logs of
     * whoever sees the response.
     */
    private static String challenge(JwtStatus status, Http2Headers head) {
        String path = head.path().toString();
        int query = path.indexOf('?');
        String url = head.scheme() + "://" + head.authority() + (query < 0 ? path : path.substring(0, query));
        String realm = url.substring(0, Math.min(REALM, url.length())).replace("\"", "%22");
        return "Bearer realm=\"" + realm + "\"" + (status == JwtStatus.MISSING ? "" : ", error=\"invalid_token\"");
    }
}
