package io.grpcweb.gateway.telemetry.tracing;

import io.netty.handler.codec.http2.Http2Headers;

/** How a trace is named in fields of a request. */
interface ContextFields {

    /** What the client says; null where it says nothing, or nothing that can be understood. */
    TraceContext read(Http2Headers head);

    /**
     * Tells the backend.
     *
     * @param context its span is the one that the backend's is below
     * @param parent the span above that; 0 for none
     */
    void write(Http2Headers head, TraceContext context, long parent);
}
