package io.grpcweb.gateway.http;

/** The span of a call that a filter makes for an exchange; on the event loop of the exchange. */
public interface SideSpan {

    /** The filter is told of the answer now; what it says meanwhile with {@link CallTrace#tagSide} is about this span. */
    void answering();

    /** The call is over; once. */
    void ended(GrpcStatus status);

    /**
     * The request over HTTP is over; once.
     *
     * @param status of the response; 503 or 504 where none has come
     */
    void ended(int status);

    /** The filter has given it up; nothing where it is over. */
    void cancelled();
}
