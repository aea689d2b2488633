package io.grpcweb.gateway.schema;

/** A message that has no JSON form, such as one that holds another of an unknown type. */
public final class BadMessage extends Exception {
    private static final long serialVersionUID = 1;

    BadMessage(String message) {
        super(message, null, false, false);
    }
}
