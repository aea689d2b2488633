package io.grpcweb.gateway.telemetry;

/** A log format that cannot be used; the message says why and where. */
final class BadFormat extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    BadFormat(String message) {
        super(message);
    }
}
