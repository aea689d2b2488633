package io.grpcweb.gateway.http;

/** Who is told of each exchange; called on its event loop, must not block. */
public interface ExchangeObserver {

    /** Tells nobody. */
    ExchangeObserver NONE = new ExchangeObserver() {
        @Override
        public void started(StreamInfo info) {}

        @Override
        public void ended(StreamInfo info) {}
    };

    /** The head of a request has arrived. */
    void started(StreamInfo info);

    /** The last byte of the response has left, or nothing more will; exactly once for each started one. */
    void ended(StreamInfo info);

    /** Nothing will be told any more. */
    default void release() {}

    /** Who is told of the attempts of the exchanges at backends; asked once for each exchange. Null for nobody. */
    default AttemptObserver attempts() {
        return null;
    }
}
