package io.grpcweb.gateway.source.xds;

import io.grpcweb.gateway.config.ControlPlane;

/** Opens streams to control planes; the listener is told on the loop. */
public interface StreamOpener {

    /**
     * Opens a stream. It may fail later: then it is closed.
     *
     * @param method such as {@code envoy.service.discovery.v3.AggregatedDiscoveryService/StreamAggregatedResources}
     */
    Stream open(ControlPlane plane, String method, Listener listener);

    /** An open stream. */
    interface Stream {
        /** Sends a message. */
        void send(byte[] message);

        /** Ends it; the listener is not told. */
        void cancel();
    }

    /** Who is told what happens on a stream. */
    interface Listener {
        /** The control plane is reached. */
        void reached();

        void received(byte[] message);

        /**
         * It has ended.
         *
         * @param code of gRPC
         */
        void closed(int code, String message);
    }
}
