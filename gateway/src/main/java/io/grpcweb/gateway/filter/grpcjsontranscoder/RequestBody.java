package io.grpcweb.gateway.filter.grpcjsontranscoder;

import io.grpcweb.gateway.schema.InvalidJson;
import io.netty.buffer.ByteBuf;

/** Turns the body of a request into frames of gRPC. What it holds is bounded. */
interface RequestBody {

    /**
     * A part of the body.
     *
     * @param data lent
     * @return what may leave already, which becomes the caller's; empty for nothing
     */
    ByteBuf data(ByteBuf data) throws InvalidJson, Refusal;

    /** The end of the body, and what leaves with it. */
    ByteBuf end() throws InvalidJson, Refusal;

    /** Lets go of what is held. */
    void release();
}
