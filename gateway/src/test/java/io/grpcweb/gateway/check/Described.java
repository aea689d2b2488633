package io.grpcweb.gateway.check;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import com.google.protobuf.UnknownFieldSet;
import io.grpcweb.gateway.testing.Frames;
import io.grpcweb.gateway.testing.ScriptedBackend;
import java.nio.charset.StandardCharsets;

/** A backend that tells of one service by reflection. */
final class Described {
    private static final String REFLECTION = "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo";
    private static final int LIST_SERVICES = 7;

    private Described() {}

    static ScriptedBackend with(ScriptedBackend backend, String packageName, String service) {
        byte[] file = field(4, field(1, file(packageName, service)));
        byte[] names = field(6, field(1, field(1, (packageName + "." + service).getBytes(StandardCharsets.UTF_8))));
        return backend.on(REFLECTION, seen -> {
            byte[] question = seen.awaitEnd();
            seen.head()
                    .data(Frames.message(question[5] >> 3 == LIST_SERVICES ? names : file))
                    .trailers("grpc-status", "0");
        });
    }

    private static byte[] file(String packageName, String service) {
        return FileDescriptorProto.newBuilder()
                .setName(service + ".proto")
                .setPackage(packageName)
                .addMessageType(DescriptorProto.newBuilder().setName("Nothing"))
                .addService(ServiceDescriptorProto.newBuilder()
                        .setName(service)
                        .addMethod(MethodDescriptorProto.newBuilder()
                                .setName("Create")
                                .setInputType("." + packageName + ".Nothing")
                                .setOutputType("." + packageName + ".Nothing")))
                .build()
                .toByteArray();
    }

    private static byte[] field(int number, byte[] content) {
        return UnknownFieldSet.newBuilder()
                .addField(
                        number,
                        UnknownFieldSet.Field.newBuilder()
                                .addLengthDelimited(ByteString.copyFrom(content))
                                .build())
                .build()
                .toByteArray();
    }
}
