package io.grpcweb.gateway.filter.connect;

import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.schema.RpcMethod;

/** Where the methods of backends are looked up. */
interface Methods {

    /**
     * A method, and what turns its messages into JSON.
     *
     * @param rpc the method
     * @param codec of the descriptors that it is from
     */
    record Method(RpcMethod rpc, MessageCodec codec) {}

    /** Who waits for a method. */
    interface Observer {
        void found(Method method);

        /** There is no such method. */
        void unknown();

        /** It is not known whether there is: the messages pass as they are. */
        void untold();
    }

    /**
     * Looks a method up.
     *
     * @param path {@code /package.Service/Method}
     * @param observer is told once, at once or later on the event loop of the exchange
     */
    void find(Exchange exchange, String path, Observer observer);

    /** What is known of a method at once; null for nothing. */
    RpcMethod known(String path);
}
