package io.grpcweb.gateway.http;

/** What becomes of a WebSocket that asks for a subprotocol of gRPC-Web. */
public enum SocketUse {
    /** It is a request to leave HTTP like any other, and its route has the say. */
    TUNNEL,
    /** It carries calls, which the gateway serves one by one, without the cookies that the browser sends in the handshake. */
    CALLS,
    /** The same, with the cookies. */
    CALLS_WITH_CREDENTIALS,
    /** It would carry calls, but of a page that may not call. */
    REFUSED
}
