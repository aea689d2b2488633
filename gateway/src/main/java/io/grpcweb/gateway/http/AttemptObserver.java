package io.grpcweb.gateway.http;

import io.netty.handler.codec.http2.Http2Headers;

/** Who is told of each attempt of an exchange at a backend; called on the event loop of the exchange, must not block. */
public interface AttemptObserver {

    /**
     * An attempt begins; {@code info} has its number, its cluster and its endpoint.
     *
     * @param head is what the backend will see. Fields of the attempt are set in it and not added: the next attempt sends
     *     the same head
     * @return is told of its end; null for nobody
     */
    Ending began(StreamInfo info, Http2Headers head);

    /** Who is told how an attempt ended. */
    interface Ending {

        /**
         * The attempt is over; exactly once.
         *
         * @param status of HTTP; 0 where no head has come
         * @param grpcStatus -1 where none has come
         * @param grpcMessage as the backend wrote it; null where none has come
         * @param failure null where the response is whole, and where the gateway itself gave the attempt up
         * @param gaveUp whether the gateway itself gave it up
         */
        void ended(int status, int grpcStatus, CharSequence grpcMessage, UpstreamFailure failure, boolean gaveUp);
    }
}
