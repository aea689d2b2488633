package io.grpcweb.gateway.http;

/**
 * Bytes that one exchange sent to backends and received from them, over all its attempts: HTTP/1.1 messages with their
 * framing, and those frames of HTTP/2 that have the number of its stream, with their frame heads (RFC 9113 section 4.1).
 * TLS is not counted, nor is what belongs to the connection alone. Used on the exchange's event loop; data without
 * behaviour, hence the open fields.
 */
public final class WireBytes {
    public long sent;
    public long received;

    /** Of {@link #sent}, HEADERS and CONTINUATION frames; over HTTP/1.1 the lines of fields and trailers. */
    public long headersSent;

    /** Of {@link #received}, the same; over HTTP/1.1 without the spaces behind colons, as Envoy counts. */
    public long headersReceived;
}
