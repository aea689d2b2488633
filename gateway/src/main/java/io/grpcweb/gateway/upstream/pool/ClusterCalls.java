package io.grpcweb.gateway.upstream.pool;

import io.grpcweb.gateway.http.CallFormat;
import io.grpcweb.gateway.http.MediaType;
import io.grpcweb.gateway.http.SideCall;
import io.grpcweb.gateway.http.SideCalls;
import io.grpcweb.gateway.http.SideFailure;
import io.grpcweb.gateway.http.SideObserver;
import io.grpcweb.gateway.http.SideRequest;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.concurrent.EventExecutor;

/** Makes calls of the gateway's own over the pools of its clusters, each on the event loop that it is made from. */
public final class ClusterCalls implements SideCalls {
    private static final SideCall OVER = () -> {};

    private final ClusterManager clusters;

    public ClusterCalls(ClusterManager clusters) {
        this.clusters = clusters;
    }

    @Override
    public SideCall call(EventExecutor loop, SideRequest request, SideObserver observer) {
        LoopPools pools = clusters.pools((EventLoop) loop, request.cluster());
        if (pools == null) {
            request.body().release();
            try {
                observer.failed(SideFailure.UNKNOWN_CLUSTER, "no cluster " + request.cluster());
            } catch (RuntimeException | VirtualMachineError e) {
                observer.broken(e);
            }
            return OVER;
        }
        Http2Headers head = request.head();
        if (head.scheme() == null) {
            head.scheme(pools.cluster().config().tls().isPresent() ? "https" : "http");
        }
        if (head.authority() == null) {
            head.authority(request.cluster());
        }
        // gRPC needs HTTP/2 where the cluster leaves the protocol to the request.
        boolean http2 = MediaType.formatOf(head.get(HttpHeaderNames.CONTENT_TYPE)) == CallFormat.GRPC;
        ClusterCall call = new ClusterCall(pools, request, http2, observer);
        call.start(loop);
        return call;
    }
}
