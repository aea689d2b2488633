package io.grpcweb.gateway.http;

import io.netty.handler.codec.http2.Http2Headers;

/** The trace that an exchange is part of; on the event loop of the exchange. */
public interface CallTrace {

    /** The route is chosen, and no filter has been asked. */
    void routed(Exchange exchange, Http2Headers head);

    /** The head of the response leaves. */
    void responding(Http2Headers head);

    /** 32 hexadecimal digits; null where there is no trace. */
    String traceId();

    /** 16 hexadecimal digits, of the span of the exchange; null where there is no trace. */
    String spanId();

    /** Whether its spans are sent. */
    boolean isSampled();
}
