package io.grpcweb.gateway.http;

import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.concurrent.EventExecutor;

/**
 * Calls that the gateway makes itself, as {@link SideCalls} does, but whose bodies go both ways in parts. Their owner bounds what
 * they hold and how long they last.
 */
public interface SideStreams {

    /**
     * Opens a call.
     *
     * @param loop an event loop of the gateway, which the caller is on; everything of the call happens on it
     * @param cluster name of the cluster
     * @param head with {@code :method} and {@code :path}, see {@link SideRequest}; it belongs to the call from now on
     * @param observer is told what comes, perhaps before this method returns
     */
    SideStream open(EventExecutor loop, String cluster, Http2Headers head, SideStreamObserver observer);
}
