package io.grpcweb.gateway.wire;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodOptions;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;

/**
 * The descriptors of a service of scripted backends, in two files: {@code message Item { string id = 1; int32 count = 2; }}, and
 * wire.Service, whose methods Call, Read (without side effects) and Watch (a stream of responses) take one and give one.
 */
final class ItemService {
    private ItemService() {}

    static FileDescriptorProto messages() {
        DescriptorProto item = DescriptorProto.newBuilder()
                .setName("Item")
                .addField(FieldDescriptorProto.newBuilder()
                        .setName("id")
                        .setNumber(1)
                        .setType(FieldDescriptorProto.Type.TYPE_STRING))
                .addField(FieldDescriptorProto.newBuilder()
                        .setName("count")
                        .setNumber(2)
                        .setType(FieldDescriptorProto.Type.TYPE_INT32))
                .build();
        return FileDescriptorProto.newBuilder()
                .setName("item.proto")
                .setPackage("wire")
                .setSyntax("proto3")
                .addMessageType(item)
                .build();
    }

    static FileDescriptorProto service() {
        MethodDescriptorProto call = MethodDescriptorProto.newBuilder()
                .setName("Call")
                .setInputType(".wire.Item")
                .setOutputType(".wire.Item")
                .build();
        MethodOptions safe = MethodOptions.newBuilder()
                .setIdempotencyLevel(MethodOptions.IdempotencyLevel.NO_SIDE_EFFECTS)
                .build();
        return FileDescriptorProto.newBuilder()
                .setName("wire.proto")
                .setPackage("wire")
                .setSyntax("proto3")
                .addDependency("item.proto")
                .addService(ServiceDescriptorProto.newBuilder()
                        .setName("Service")
                        .addMethod(call)
                        .addMethod(call.toBuilder().setName("Read").setOptions(safe))
                        .addMethod(call.toBuilder().setName("Watch").setServerStreaming(true)))
                .build();
    }

    static FileDescriptorSet descriptors() {
        return FileDescriptorSet.newBuilder()
                .addFile(service())
                .addFile(messages())
                .build();
    }
}
