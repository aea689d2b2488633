package io.grpcweb.gateway.source.xds.channel;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.ControlPlane;
import io.grpcweb.gateway.net.FileWatch;
import io.grpcweb.gateway.source.xds.StreamOpener;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** Opens streams over grpc-netty. All streams to one cluster share its connection. On the loop. */
public final class GrpcStreams implements StreamOpener, AutoCloseable {
    private final EventLoop loop;
    private final Function<String, ClusterConfig> clusters;
    private final FileWatch watch;
    private final Map<String, PlaneChannel> channels = new HashMap<>();

    /**
     * Nothing is connected yet.
     *
     * @param loop that all of it happens on
     * @param clusters by name, those that stand in the configuration
     * @param watch has certificates read anew when their files change
     */
    public GrpcStreams(EventLoop loop, Function<String, ClusterConfig> clusters, FileWatch watch) {
        this.loop = loop;
        this.clusters = clusters;
        this.watch = watch;
    }

    @Override
    public Stream open(ControlPlane plane, String method, Listener listener) {
        PlaneChannel channel;
        try {
            channel = channel(plane.cluster(), plane.authority());
        } catch (IOException e) {
            loop.execute(() -> listener.closed(Status.Code.UNAVAILABLE.value(), e.getMessage()));
            return new Nowhere();
        }
        MethodDescriptor<byte[], byte[]> descriptor = MethodDescriptor.<byte[], byte[]>newBuilder()
                .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
                .setFullMethodName(method)
                .setRequestMarshaller(Bytes.MARSHALLER)
                .setResponseMarshaller(Bytes.MARSHALLER)
                .build();
        Call call = new Call(channel, channel.forCall().newCall(descriptor, CallOptions.DEFAULT), listener);
        call.start(metadata(plane));
        return call;
    }

    private PlaneChannel channel(String cluster, String authority) throws IOException {
        PlaneChannel known = channels.get(cluster);
        if (known == null) {
            known = new PlaneChannel(clusters.apply(cluster), authority, loop, watch);
            channels.put(cluster, known);
        }
        return known;
    }

    private static Metadata metadata(ControlPlane plane) {
        Metadata metadata = new Metadata();
        for (ControlPlane.Field field : plane.metadata()) {
            metadata.put(Metadata.Key.of(field.name(), Metadata.ASCII_STRING_MARSHALLER), field.value());
        }
        return metadata;
    }

    @Override
    public void close() {
        channels.values().forEach(PlaneChannel::close);
        channels.clear();
    }

    /** A stream that could not be opened. */
    private static final class Nowhere implements Stream {
        @Override
        public void send(byte[] message) {
            // Its listener is about to be told.
        }

        @Override
        public void cancel() {
            // There is nothing to end.
        }
    }

    /** A stream of gRPC; its callbacks come on the loop. */
    private static final class Call extends ClientCall.Listener<byte[]> implements Stream {
        private final PlaneChannel channel;
        private final ClientCall<byte[], byte[]> call;
        private final Listener listener;
        private boolean reached;
        private boolean over;

        Call(PlaneChannel channel, ClientCall<byte[], byte[]> call, Listener listener) {
            this.channel = channel;
            this.call = call;
            this.listener = listener;
        }

        void start(Metadata metadata) {
            call.start(this, metadata);
            call.request(1);
        }

        @Override
        public void send(byte[] message) {
            if (!over) {
                call.sendMessage(message);
            }
        }

        @Override
        public void cancel() {
            over = true;
            call.cancel("it is not needed any longer", null);
        }

        @Override
        public void onReady() {
            if (!over && !reached) {
                reached = true;
                listener.reached();
            }
        }

        @Override
        public void onMessage(byte[] message) {
            if (!over) {
                onReady();
                listener.received(message);
                call.request(1);
            }
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            if (over) {
                return;
            }
            over = true;
            if (!reached) {
                channel.failed();
            }
            String text = status.getDescription() == null ? "" : status.getDescription();
            Throwable cause = status.getCause();
            listener.closed(status.getCode().value(), cause == null ? text : text + " (" + cause.getMessage() + ")");
        }
    }
}
