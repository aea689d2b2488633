package io.grpcweb.gateway.testing;

import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCalls;

/** {@code test.Echo/Call} of grpc-java, which sends back what it gets. */
public final class EchoService {
    public static final MethodDescriptor<byte[], byte[]> METHOD = MethodDescriptor.<byte[], byte[]>newBuilder(
                    new ByteMarshaller(), new ByteMarshaller())
            .setFullMethodName("test.Echo/Call")
            .setType(MethodDescriptor.MethodType.UNARY)
            .build();

    private EchoService() {}

    public static ServerServiceDefinition definition() {
        return ServerServiceDefinition.builder("test.Echo")
                .addMethod(METHOD, ServerCalls.asyncUnaryCall((request, responses) -> {
                    responses.onNext(request);
                    responses.onCompleted();
                }))
                .build();
    }
}
