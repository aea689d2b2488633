package io.grpcweb.gateway.match;

import io.grpcweb.gateway.http.StreamInfo;
import io.netty.handler.codec.http2.Http2Headers;

/** A condition that is ready to be asked. It keeps nothing between requests, so that all event loops share it. */
@FunctionalInterface
public interface Check {

    /**
     * Whether the condition holds.
     *
     * @param head of the request, as the filters before have left it
     */
    Truth holds(StreamInfo info, Http2Headers head);

    /** Prepares a condition. */
    static Check of(Condition condition) {
        return Checks.of(condition);
    }
}
