package io.grpcweb.gateway.source.xds;

/** A source of resources cannot be used. */
public final class SourceException extends Exception {
    public SourceException(String message) {
        super(message);
    }
}
