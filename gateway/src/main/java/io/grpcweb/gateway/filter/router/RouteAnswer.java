package io.grpcweb.gateway.filter.router;

/** The response of a route that needs no backend, while its request is under way. */
interface RouteAnswer {

    /** The request has ended. */
    void requestEnds();

    /** Whether the client takes more of it at the moment. */
    void responseWritable(boolean writable);

    /** Nobody wants it any more. */
    void cancel();
}
