package io.grpcweb.sample;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusRuntimeException;
import java.security.MessageDigest;
import java.util.Locale;

/** Lets a call in when it brings the token; UNAUTHENTICATED says whether it was missing or wrong. */
final class BearerToken implements ServerInterceptor {
    static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private static final String SCHEME = "bearer ";

    private final byte[] token;

    BearerToken(String token) {
        this.token = token.getBytes(UTF_8);
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        String authorization = headers.get(AUTHORIZATION);
        if (authorization == null) {
            return refuse(call, Refusal.unauthenticated("TOKEN_MISSING", "a bearer token is needed"));
        }
        if (!matches(authorization)) {
            return refuse(call, Refusal.unauthenticated("TOKEN_WRONG", "the bearer token is not the right one"));
        }
        return next.startCall(call, headers);
    }

    /** The scheme's case does not count (RFC 9110, 11.1); the token is compared in constant time. */
    private boolean matches(String authorization) {
        return authorization.toLowerCase(Locale.ROOT).startsWith(SCHEME)
                && MessageDigest.isEqual(
                        authorization.substring(SCHEME.length()).strip().getBytes(UTF_8), token);
    }

    private static <Q, A> ServerCall.Listener<Q> refuse(ServerCall<Q, A> call, StatusRuntimeException refusal) {
        Metadata trailers = refusal.getTrailers();
        call.close(refusal.getStatus(), trailers == null ? new Metadata() : trailers);
        return new ServerCall.Listener<>() {};
    }
}
