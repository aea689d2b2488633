package io.grpcweb.gateway.filter.jwtauthn;

/** A text is no token. Without a stack trace: anybody can send such a text. */
final class JwtException extends Exception {
    private static final long serialVersionUID = 1L;

    private final JwtStatus status;

    JwtException(JwtStatus status) {
        super(status.text(), null, false, false);
        this.status = status;
    }

    JwtStatus status() {
        return status;
    }
}
