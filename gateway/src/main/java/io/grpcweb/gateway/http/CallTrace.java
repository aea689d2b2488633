package io.grpcweb.gateway.http;

import io.netty.handler.codec.http2.Http2Headers;

/** The trace that an exchange is part of; on the event loop of the exchange. */
public interface CallTrace {

    /** The route is chosen, and no filter has been asked. */
    void routed(Exchange exchange, Http2Headers head);

    /** The head of the response leaves. */
    void responding(Http2Headers head);

    /**
     * A filter calls a service for the exchange, which is told of the trace.
     *
     * @param method {@code /package.Service/Method}
     * @param head of the call
     * @return is told of its end; null for nobody
     */
    SideSpan side(String method, String cluster, Http2Headers head);

    /** The same of a request over HTTP that is no gRPC call. */
    SideSpan side(String cluster, Http2Headers head);

    /** Says something of the answer that a filter is being told. */
    void tagSide(String name, String value);

    /** 32 hexadecimal digits; null where there is no trace. */
    String traceId();

    /** 16 hexadecimal digits, of the span of the exchange; null where there is no trace. */
    String spanId();

    /** Whether its spans are sent. */
    boolean isSampled();
}
