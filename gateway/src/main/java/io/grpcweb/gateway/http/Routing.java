package io.grpcweb.gateway.http;

import io.netty.handler.codec.http2.Http2Headers;

/** Who chooses the routes of exchanges. */
public interface Routing {

    /**
     * Chooses the route of an exchange anew, with its head as it is now: what the route changes of heads, and the deadlines
     * that it sets, are those of the new one. The filters of the exchange stay.
     */
    void reroute(Exchange exchange, Http2Headers head);

    /**
     * Sets an exchange up anew for another head, with the filters of its route; those that it had are cancelled.
     *
     * @return false where nothing has changed, since the head has no route
     */
    boolean restart(Exchange exchange, HttpFilter top, Http2Headers head);
}
