package io.grpcweb.gateway.http;

import io.netty.buffer.ByteBuf;

/** A call of the gateway's own whose body is sent and read in parts; on its event loop. Nothing happens where it is over. */
public interface SideStream {

    /** Sends a part of the body, which is taken over. It waits in memory until there is a connection. */
    void send(ByteBuf data);

    /** Ends the body. */
    void end();

    /** Gives the call up: the backend sees a reset, and the observer hears nothing more. */
    void cancel();

    /** Whether more of the response is wanted at the moment. */
    void wanted(boolean more);
}
