package io.grpcweb.gateway.upstream.pool;

/** A connection to a backend that is ready, HTTP/2 or HTTP/1.1; on its event loop. */
interface UpstreamConnection extends ConnectionWish.Use {

    /** Whether another stream may be opened now. */
    boolean hasRoom();

    /** Whether the backend allows no stream at all for the moment. */
    boolean isShut();

    /** Whether no stream will ever be opened again. */
    boolean isSpent();

    /** Opens a stream; only when there is room. */
    void open(UpstreamCallback callback);

    /** Whether a call that changes the protocol must be alone on it. */
    default boolean changesProtocolAlone() {
        return false;
    }

    /** Closes when the streams that are open have ended. */
    void drain();
}
