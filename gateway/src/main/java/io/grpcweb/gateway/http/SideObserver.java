package io.grpcweb.gateway.http;

/** Who is told how a call of the gateway's own has ended; one of the first two methods, once, on the call's event loop. */
public interface SideObserver {

    /** A whole answer has come, whatever its status. */
    void answered(SideAnswer answer);

    /**
     * There is no whole answer.
     *
     * @param reason further words for logs
     */
    void failed(SideFailure failure, String reason);

    /** One of the two methods above has thrown this; mostly {@link Exchange#broken} of the exchange that waits. */
    void broken(Throwable fault);
}
