package io.grpcweb.gateway.filter.coding;

/** Bytes that are not in the coding they are said to be in. The message says what is wrong with them. */
public final class CodingException extends Exception {
    private static final long serialVersionUID = 1;

    CodingException(String message) {
        super(message, null, false, false);
    }
}
