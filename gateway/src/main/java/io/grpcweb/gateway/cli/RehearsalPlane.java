package io.grpcweb.gateway.cli;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpcweb.gateway.config.ResourceType;
import io.grpcweb.gateway.logging.LogProvider;
import io.grpcweb.gateway.source.xds.proto.DeltaDiscoveryRequest;
import io.grpcweb.gateway.source.xds.proto.DeltaDiscoveryResponse;
import io.grpcweb.gateway.source.xds.proto.WrappedResource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.EnumMap;
import java.util.Map;

/**
 * A control plane with one resource of each kind, for the rehearsal: what speaks with control planes and reads what they send is
 * most of the classes of a start under one. A process of its own, which serves until it is ended.
 */
final class RehearsalPlane {
    private static final String SERVICE = "envoy.service.discovery.v3.AggregatedDiscoveryService";
    private static final String METHOD = SERVICE + "/DeltaAggregatedResources";
    private static final String TYPES = "type.googleapis.com/envoy.extensions.filters.";
    private static final String NAME = "rehearsal";
    private static final int EDS = 3;

    private final Map<ResourceType, ByteString> resources = new EnumMap<>(ResourceType.class);
    private final Server server;

    /**
     * On a port that the system chooses.
     *
     * @param backend the port of the only endpoint
     */
    private RehearsalPlane(int backend) throws IOException {
        ByteString ads = message(3, message());
        resources.put(ResourceType.CLUSTER, message(1, NAME, 2, EDS, 3, message(1, ads)));
        resources.put(
                ResourceType.ENDPOINTS, message(1, NAME, 2, message(2, message(1, message(1, address(backend))))));
        ByteString route = message(1, message(1, "/"), 2, message(1, NAME));
        resources.put(ResourceType.ROUTES, message(1, NAME, 2, message(1, NAME, 2, "*", 3, route)));
        ByteString manager = message(
                2,
                NAME,
                3,
                message(1, ads, 2, NAME),
                5,
                filter("http.grpc_web.v3.GrpcWeb", message()),
                5,
                filter("http.router.v3.Router", message()));
        ByteString chain = message(3, filter("network.http_connection_manager.v3.HttpConnectionManager", manager));
        resources.put(ResourceType.LISTENER, message(1, NAME, 2, address(0), 3, chain));
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(ServerServiceDefinition.builder(SERVICE)
                        .addMethod(
                                MethodDescriptor.<byte[], byte[]>newBuilder()
                                        .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
                                        .setFullMethodName(METHOD)
                                        .setRequestMarshaller(new Bytes())
                                        .setResponseMarshaller(new Bytes())
                                        .build(),
                                (call, metadata) -> new Talk(call))
                        .build())
                .build()
                .start();
    }

    /**
     * Prints its port.
     *
     * @param arguments the port of the only endpoint
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        // Else what its libraries log stands before the port.
        LogProvider.choose();
        Server server = new RehearsalPlane(Integer.parseInt(arguments[0])).server;
        System.out.println(server.getPort());
        // Until the gateway closes its end, or dies.
        System.in.readAllBytes();
        server.shutdownNow().awaitTermination();
    }

    private static ByteString address(int port) throws IOException {
        return message(1, message(2, "127.0.0.1", 3, port));
    }

    private static ByteString filter(String type, ByteString config) throws IOException {
        return message(1, type, 4, message(1, TYPES + type, 2, config));
    }

    /** A message of fields, each with its number before it: texts, messages and numbers. */
    private static ByteString message(Object... fields) throws IOException {
        ByteString.Output bytes = ByteString.newOutput();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        for (int i = 0; i < fields.length; i += 2) {
            int number = (Integer) fields[i];
            if (fields[i + 1] instanceof String text) {
                out.writeString(number, text);
            } else if (fields[i + 1] instanceof ByteString message) {
                out.writeBytes(number, message);
            } else {
                out.writeUInt32(number, (Integer) fields[i + 1]);
            }
        }
        out.flush();
        return bytes.toByteString();
    }

    /** A stream: what is asked for is sent once, acknowledgements are not answered. */
    private final class Talk extends ServerCall.Listener<byte[]> {
        private final ServerCall<byte[], byte[]> call;

        Talk(ServerCall<byte[], byte[]> call) {
            this.call = call;
            call.sendHeaders(new Metadata());
            call.request(1);
        }

        @Override
        public void onMessage(byte[] message) {
            try {
                DeltaDiscoveryRequest request = DeltaDiscoveryRequest.parseFrom(message);
                if (request.getResponseNonce().isEmpty()) {
                    ResourceType.of(request.getTypeUrl()).ifPresent(this::send);
                }
                call.request(1);
            } catch (InvalidProtocolBufferException e) {
                call.close(Status.INVALID_ARGUMENT, new Metadata());
            }
        }

        private void send(ResourceType type) {
            Any content = Any.newBuilder()
                    .setTypeUrl(type.url())
                    .setValue(resources.getOrDefault(type, ByteString.EMPTY))
                    .build();
            call.sendMessage(DeltaDiscoveryResponse.newBuilder()
                    .setTypeUrl(type.url())
                    .setNonce(type.url())
                    .addResources(WrappedResource.newBuilder()
                            .setName(NAME)
                            .setVersion("1")
                            .setResource(content))
                    .build()
                    .toByteArray());
        }
    }

    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] message) {
            return new ByteArrayInputStream(message);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try (stream) {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
