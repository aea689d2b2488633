package io.grpcweb.gateway.format;

/** A log format that cannot be used; the message says why and where. */
public final class BadFormat extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    BadFormat(String message) {
        super(message);
    }
}
