package io.grpcweb.gateway.schema;

import com.google.protobuf.DescriptorProtos.MethodOptions.IdempotencyLevel;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;

/**
 * A method of a service.
 *
 * @param descriptor the method as protobuf knows it
 * @param path that it is called by, {@code /package.Service/Method}
 */
public record RpcMethod(MethodDescriptor descriptor, String path) {

    static RpcMethod of(MethodDescriptor descriptor) {
        return new RpcMethod(descriptor, "/" + descriptor.getService().getFullName() + "/" + descriptor.getName());
    }

    /** The message of a request. */
    public Descriptor input() {
        return descriptor.getInputType();
    }

    /** The message of a response. */
    public Descriptor output() {
        return descriptor.getOutputType();
    }

    /** Whether a request is any number of messages. */
    public boolean clientStreaming() {
        return descriptor.isClientStreaming();
    }

    /** Whether a response is any number of messages. */
    public boolean serverStreaming() {
        return descriptor.isServerStreaming();
    }

    /** Whether it may be executed more than once, as its {@code idempotency_level} says. */
    public boolean idempotent() {
        return descriptor.getOptions().getIdempotencyLevel() != IdempotencyLevel.IDEMPOTENCY_UNKNOWN;
    }

    /** Whether a call changes nothing ({@code idempotency_level = NO_SIDE_EFFECTS}), so that it may be cached. */
    public boolean withoutSideEffects() {
        return descriptor.getOptions().getIdempotencyLevel() == IdempotencyLevel.NO_SIDE_EFFECTS;
    }
}
