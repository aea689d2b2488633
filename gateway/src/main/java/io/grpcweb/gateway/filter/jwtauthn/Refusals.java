package io.grpcweb.gateway.filter.jwtauthn;

import io.grpcweb.gateway.http.Details;
import io.grpcweb.gateway.http.GrpcStatus;
import io.grpcweb.gateway.http.LocalReply;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The responses to requests that lack what they need. */
final class Refusals {
    /** Characters of the realm, as in Envoy. */
    private static final int REALM = 256;

    private static final Map<JwtStatus, Details> DETAILS = new EnumMap<>(JwtStatus.class);

    static {
        for (JwtStatus status : JwtStatus.values()) {
            DETAILS.put(status, details(status.text()));
        }
    }

    private Refusals() {}

    /**
     * To a request whose tokens are not good.
     *
     * @param parameters of the query that may hold tokens
     * @param silent whether it tells neither reason nor challenge
     */
    static LocalReply of(JwtStatus status, Http2Headers head, Collection<String> parameters, boolean silent) {
        return new LocalReply(
                status.http(),
                GrpcStatus.fromHttp(status.http()).code(),
                silent ? "" : status.text(),
                null,
                DETAILS.get(status),
                silent ? List.of() : List.of(Map.entry("www-authenticate", challenge(status, head, parameters))));
    }

    static LocalReply unknownRequirement(String name, Collection<String> known) {
        String problem = "Wrong requirement_name: " + name + ". It should be one of [" + String.join(",", known) + "]";
        return LocalReply.denied(403, "Failed JWT authentication: " + problem, details(problem));
    }

    private static Details details(String text) {
        return Details.of("jwt_authn_access_denied{" + text.replace(' ', '_') + "}");
    }

    /**
     * RFC 6750 section 3. The realm is what was asked for, without the parameters that tokens are taken from: a token would
     * stand in the logs of whoever sees the response.
     */
    private static String challenge(JwtStatus status, Http2Headers head, Collection<String> parameters) {
        String path = head.path().toString();
        for (String name : parameters) {
            path = QueryEdit.without(path, name);
        }
        String url = head.scheme() + "://" + head.authority() + path;
        String realm = url.substring(0, Math.min(REALM, url.length())).replace("\"", "%22");
        return "Bearer realm=\"" + realm + "\"" + (status == JwtStatus.MISSING ? "" : ", error=\"invalid_token\"");
    }
}
