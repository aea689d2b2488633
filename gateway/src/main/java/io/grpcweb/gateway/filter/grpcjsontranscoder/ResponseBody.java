package io.grpcweb.gateway.filter.grpcjsontranscoder;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;

/** The response to a call: what it sends goes to the filter above. */
interface ResponseBody {

    /** The head of a response of gRPC, which has a body. */
    void head(Http2Headers head);

    /**
     * A part of the body.
     *
     * @param data lent
     */
    void data(ByteBuf data) throws Refusal;

    /** The end of a body without trailers. */
    void end() throws Refusal;

    /** The end of the response. */
    void trailers(Http2Headers trailers) throws Refusal;

    /** A response that is a head, with the status in it. */
    void trailersOnly(Http2Headers head) throws Refusal;

    /** Lets go of what is held. */
    void release();
}
