package io.grpcweb.gateway.schema;

/** A set of descriptors that cannot be used; the message says why and what to do, and is written for operators. */
public final class BadDescriptors extends Exception {
    private static final long serialVersionUID = 1;

    BadDescriptors(String message) {
        super(message);
    }

    BadDescriptors(String message, Throwable cause) {
        super(message, cause);
    }
}
