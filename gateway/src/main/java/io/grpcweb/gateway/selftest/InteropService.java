package io.grpcweb.gateway.selftest;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerServiceDefinition;
import io.grpcweb.gateway.selftest.Messages.Request;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BiFunction;

/** {@code grpc.testing.TestService}, without the method that the tests want to be missing. */
final class InteropService {
    static final String NAME = "grpc.testing.TestService";

    private static final MethodDescriptor.Marshaller<byte[]> BYTES = new MethodDescriptor.Marshaller<>() {
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
    };

    private final ServerServiceDefinition.Builder service = ServerServiceDefinition.builder(NAME);

    private InteropService() {}

    /** @param timer sends what is to be sent later */
    static ServerServiceDefinition with(ScheduledExecutorService timer) {
        return new InteropService()
                .method("EmptyCall", MethodType.UNARY, (call, head) -> new Empty(call, head, timer))
                .method("UnaryCall", MethodType.UNARY, (call, head) -> new Unary(call, head, timer))
                .method(
                        "StreamingOutputCall",
                        MethodType.SERVER_STREAMING,
                        (call, head) -> new Output(call, head, timer))
                .method("FullDuplexCall", MethodType.BIDI_STREAMING, (call, head) -> new Output(call, head, timer))
                .method("StreamingInputCall", MethodType.CLIENT_STREAMING, (call, head) -> new Input(call, head, timer))
                .service
                .build();
    }

    private InteropService method(
            String name, MethodType type, BiFunction<ServerCall<byte[], byte[]>, Metadata, InteropCall> calls) {
        service.addMethod(
                MethodDescriptor.newBuilder(BYTES, BYTES)
                        .setFullMethodName(MethodDescriptor.generateFullMethodName(NAME, name))
                        .setType(type)
                        .build(),
                (call, head) -> calls.apply(call, head));
        return this;
    }

    private static final class Empty extends InteropCall {
        Empty(ServerCall<byte[], byte[]> call, Metadata head, ScheduledExecutorService timer) {
            super(call, head, timer);
        }

        @Override
        void received(byte[] message) {
            respond(Messages.EMPTY, 0);
        }
    }

    private static final class Unary extends InteropCall {
        Unary(ServerCall<byte[], byte[]> call, Metadata head, ScheduledExecutorService timer) {
            super(call, head, timer);
        }

        @Override
        void received(byte[] message) throws InvalidProtocolBufferException {
            Request request = Request.readUnary(message);
            if (request.code() > 0) {
                finish(request.code(), request.message());
            } else {
                int size =
                        request.parts().isEmpty() ? 0 : request.parts().get(0).size();
                respond(Messages.withPayload(size), 0);
            }
        }
    }

    private static final class Output extends InteropCall {
        Output(ServerCall<byte[], byte[]> call, Metadata head, ScheduledExecutorService timer) {
            super(call, head, timer);
        }

        @Override
        void received(byte[] message) throws InvalidProtocolBufferException {
            Request request = Request.readStreaming(message);
            if (request.code() > 0) {
                finish(request.code(), request.message());
            }
            request.parts().forEach(part -> respond(Messages.withPayload(part.size()), part.delayMicros()));
        }
    }

    private static final class Input extends InteropCall {
        private int size;

        Input(ServerCall<byte[], byte[]> call, Metadata head, ScheduledExecutorService timer) {
            super(call, head, timer);
        }

        @Override
        void received(byte[] message) throws InvalidProtocolBufferException {
            size += Math.max(0, Messages.payloadOf(message));
        }

        @Override
        void halfClosed() {
            respond(Messages.aggregated(size), 0);
        }
    }
}
