package io.grpcweb.gateway.http;

/** A call of the gateway's own that has begun. */
public interface SideCall {

    /** Gives it up: the backend sees a reset, and the observer hears nothing. Nothing happens where it is over. */
    void cancel();
}
