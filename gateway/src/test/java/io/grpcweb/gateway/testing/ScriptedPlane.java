package io.grpcweb.gateway.testing;

import static java.util.concurrent.TimeUnit.SECONDS;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.grpcweb.gateway.config.ResourceType;
import io.grpcweb.gateway.source.xds.proto.DeltaDiscoveryRequest;
import io.grpcweb.gateway.source.xds.proto.DeltaDiscoveryResponse;
import io.grpcweb.gateway.source.xds.proto.DiscoveryRequest;
import io.grpcweb.gateway.source.xds.proto.DiscoveryResponse;
import io.grpcweb.gateway.source.xds.proto.WrappedResource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A control plane that says what a test tells it to, over the stream that all kinds of resources share, or over one for each kind:
 * then an answer goes to the last stream of its kind.
 */
public final class ScriptedPlane implements AutoCloseable {
    private static final String SERVICE = "envoy.service.discovery.v3.AggregatedDiscoveryService";

    private final BlockingQueue<DiscoveryRequest> requests = new LinkedBlockingQueue<>();
    private final BlockingQueue<DeltaDiscoveryRequest> deltas = new LinkedBlockingQueue<>();
    private final Map<ResourceType, StreamObserver<byte[]>> ofKind = new ConcurrentHashMap<>();
    private final Server server;
    private volatile StreamObserver<byte[]> stream;

    /** On a port that the system chooses. */
    public ScriptedPlane() throws IOException {
        this(0);
    }

    /** On the port of one that is gone. */
    public ScriptedPlane(int port) throws IOException {
        this(NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
    }

    /** On whatever the builder says. */
    public ScriptedPlane(NettyServerBuilder builder) throws IOException {
        ServerServiceDefinition.Builder shared = ServerServiceDefinition.builder(SERVICE);
        method(shared, SERVICE, "StreamAggregatedResources", false, null);
        method(shared, SERVICE, "DeltaAggregatedResources", true, null);
        builder.addService(shared.build());
        for (ResourceType type : ResourceType.values()) {
            String name = "envoy.service." + type.service().toLowerCase(Locale.ROOT) + ".v3." + type.service()
                    + "DiscoveryService";
            ServerServiceDefinition.Builder own = ServerServiceDefinition.builder(name);
            method(own, name, "Stream" + type.service() + "s", false, type);
            method(own, name, "Delta" + type.service() + "s", true, type);
            builder.addService(own.build());
        }
        server = builder.build().start();
    }

    private void method(
            ServerServiceDefinition.Builder service, String name, String method, boolean delta, ResourceType type) {
        service.addMethod(method(name + "/" + method), ServerCalls.asyncBidiStreamingCall(out -> {
            if (type != null) {
                ofKind.put(type, out);
            }
            return opened(out, delta);
        }));
    }

    private static MethodDescriptor<byte[], byte[]> method(String name) {
        return MethodDescriptor.<byte[], byte[]>newBuilder()
                .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
                .setFullMethodName(name)
                .setRequestMarshaller(new ByteMarshaller())
                .setResponseMarshaller(new ByteMarshaller())
                .build();
    }

    private StreamObserver<byte[]> opened(StreamObserver<byte[]> out, boolean delta) {
        stream = out;
        return new StreamObserver<>() {
            @Override
            public void onNext(byte[] message) {
                try {
                    if (delta) {
                        deltas.add(DeltaDiscoveryRequest.parseFrom(message));
                    } else {
                        requests.add(DiscoveryRequest.parseFrom(message));
                    }
                } catch (InvalidProtocolBufferException e) {
                    throw new AssertionError(e);
                }
            }

            @Override
            public void onError(Throwable gone) {
                // The gateway or the test has ended the stream.
            }

            @Override
            public void onCompleted() {
                out.onCompleted();
            }
        };
    }

    public int port() {
        return server.getPort();
    }

    /** The next request about resources of a kind; others before it are left out. */
    public DiscoveryRequest request(ResourceType type) throws InterruptedException {
        while (true) {
            DiscoveryRequest next = requests.poll(20, SECONDS);
            if (next == null) {
                throw new AssertionError("no request for " + type);
            }
            if (next.getTypeUrl().equals(type.url())) {
                return next;
            }
        }
    }

    /** The same on a stream of changes. */
    public DeltaDiscoveryRequest delta(ResourceType type) throws InterruptedException {
        while (true) {
            DeltaDiscoveryRequest next = deltas.poll(20, SECONDS);
            if (next == null) {
                throw new AssertionError("no request for " + type);
            }
            if (next.getTypeUrl().equals(type.url())) {
                return next;
            }
        }
    }

    /** Sends all resources of a kind. */
    public void send(ResourceType type, String version, ProtoBytes... resources) {
        DiscoveryResponse.Builder response = DiscoveryResponse.newBuilder()
                .setTypeUrl(type.url())
                .setVersionInfo(version)
                .setNonce(type + version);
        for (ProtoBytes resource : resources) {
            response.addResources(any(type, resource));
        }
        ofKind.getOrDefault(type, stream).onNext(response.build().toByteArray());
    }

    /** Sends a resource that has changed. */
    public void change(ResourceType type, String version, String name, ProtoBytes resource) {
        ofKind.getOrDefault(type, stream)
                .onNext(DeltaDiscoveryResponse.newBuilder()
                        .setTypeUrl(type.url())
                        .setNonce(type + version)
                        .addResources(WrappedResource.newBuilder()
                                .setName(name)
                                .setVersion(version)
                                .setResource(any(type, resource)))
                        .build()
                        .toByteArray());
    }

    private static Any any(ResourceType type, ProtoBytes resource) {
        return Any.newBuilder()
                .setTypeUrl(type.url())
                .setValue(ByteString.copyFrom(resource.toBytes()))
                .build();
    }

    /** Sends bytes as a message. */
    public void raw(byte[] message) {
        stream.onNext(message);
    }

    /** Ends the stream. */
    public void drop() {
        stream.onError(Status.UNAVAILABLE.asRuntimeException());
    }

    /** It is gone, in the middle of whatever it was at. */
    @Override
    public void close() throws InterruptedException {
        server.shutdownNow().awaitTermination();
    }
}
