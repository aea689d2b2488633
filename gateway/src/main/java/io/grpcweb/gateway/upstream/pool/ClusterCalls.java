package io.grpcweb.gateway.upstream.pool;

import io.grpcweb.gateway.http.CallFormat;
import io.grpcweb.gateway.http.MediaType;
import io.grpcweb.gateway.http.SideCall;
import io.grpcweb.gateway.http.SideCalls;
import io.grpcweb.gateway.http.SideFailure;
import io.grpcweb.gateway.http.SideObserver;
import io.grpcweb.gateway.http.SideRequest;
import io.grpcweb.gateway.http.SideStream;
import io.grpcweb.gateway.http.SideStreamObserver;
import io.grpcweb.gateway.http.SideStreams;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.concurrent.EventExecutor;

/** Makes calls of the gateway's own over the pools of its clusters, each on the event loop that it is made from. */
public final class ClusterCalls implements SideCalls, SideStreams {
    private static final SideCall OVER = () -> {};

    private static final SideStream NO_STREAM = new SideStream() {
        @Override
        public void send(ByteBuf data) {
            data.release();
        }

        @Override
        public void end() {}

        @Override
        public void cancel() {}

        @Override
        public void wanted(boolean more) {}
    };

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
        complete(request.head(), pools, request.cluster());
        ClusterCall call = new ClusterCall(pools, request, needsHttp2(request.head()), observer);
        call.start(loop);
        return call;
    }

    @Override
    public SideStream open(EventExecutor loop, String cluster, Http2Headers head, SideStreamObserver observer) {
        LoopPools pools = clusters.pools((EventLoop) loop, cluster);
        if (pools == null) {
            observer.failed(SideFailure.UNKNOWN_CLUSTER, "no cluster " + cluster);
            return NO_STREAM;
        }
        complete(head, pools, cluster);
        ClusterStream stream = new ClusterStream(pools, head, observer);
        stream.start(needsHttp2(head));
        return stream;
    }

    private static void complete(Http2Headers head, LoopPools pools, String cluster) {
        if (head.scheme() == null) {
            head.scheme(pools.cluster().config().tls().isPresent() ? "https" : "http");
        }
        if (head.authority() == null) {
            head.authority(cluster);
        }
    }

    /** gRPC needs HTTP/2 where the cluster leaves the protocol to the request. */
    private static boolean needsHttp2(Http2Headers head) {
        return MediaType.formatOf(head.get(HttpHeaderNames.CONTENT_TYPE)) == CallFormat.GRPC;
    }
}
