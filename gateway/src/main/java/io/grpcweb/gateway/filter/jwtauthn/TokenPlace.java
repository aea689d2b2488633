package io.grpcweb.gateway.filter.jwtauthn;

import io.netty.handler.codec.http2.Http2Headers;

/** A place of a request where a token may stand. */
interface TokenPlace {

    /** The token; null where nothing stands there. */
    String find(TokenSearch request);

    /** Takes it out, so that the backend does not see it. */
    void clear(Http2Headers head);

    /** By which places are put in order. */
    String key();
}
