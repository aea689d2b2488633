package io.grpcweb.gateway.filter.grpcjsontranscoder;

/** A rule that binds a method to HTTP and cannot be used; the message says why. */
final class BadTemplate extends Exception {
    private static final long serialVersionUID = 1;

    BadTemplate(String message) {
        super(message);
    }
}
