package io.grpcweb.gateway.filter;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;

/** One direction of an exchange, on its way through a filter that holds or changes what it carries. */
public interface Way {

    /** Where what the direction carries comes from and goes to. */
    interface Ends {

        /** Passes data on, which is handed over. */
        void data(ByteBuf data, boolean end);

        void trailers(Http2Headers trailers);

        /** What was passed on is to leave now. */
        void flush();

        /** Whether the sender may go on. */
        void writable(boolean writable);
    }

    /** Takes data over. */
    void data(ByteBuf data, boolean end);

    /** Takes the trailers, with which the direction ends. */
    void trailers(Http2Headers trailers);

    /** Whether the receiver takes more at the moment. */
    void receiverReady(boolean ready);

    /** Nothing passes any more: what is held is let go. */
    void close();
}
