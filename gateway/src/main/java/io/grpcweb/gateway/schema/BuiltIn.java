package io.grpcweb.gateway.schema;

import com.google.api.AnnotationsProto;
import com.google.protobuf.AnyProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DurationProto;
import com.google.protobuf.EmptyProto;
import com.google.protobuf.ExtensionRegistry;
import com.google.protobuf.FieldMaskProto;
import com.google.protobuf.StructProto;
import com.google.protobuf.TimestampProto;
import com.google.protobuf.WrappersProto;
import com.google.rpc.ErrorDetailsProto;
import com.google.rpc.StatusProto;
import java.util.List;
import java.util.stream.Stream;

/** What is known without a set of descriptors: the messages of statuses and of their details, and the binding of methods to HTTP. */
final class BuiltIn {
    /** The extensions of options that are looked at. */
    static final ExtensionRegistry EXTENSIONS = extensions();

    /** Messages that an {@code Any} may hold although no descriptor was given. */
    static final List<Descriptor> MESSAGES = Stream.of(
                    StatusProto.getDescriptor(),
                    ErrorDetailsProto.getDescriptor(),
                    AnyProto.getDescriptor(),
                    DurationProto.getDescriptor(),
                    TimestampProto.getDescriptor(),
                    FieldMaskProto.getDescriptor(),
                    StructProto.getDescriptor(),
                    WrappersProto.getDescriptor(),
                    EmptyProto.getDescriptor())
            .flatMap(file -> file.getMessageTypes().stream())
            .toList();

    private BuiltIn() {}

    private static ExtensionRegistry extensions() {
        ExtensionRegistry registry = ExtensionRegistry.newInstance();
        AnnotationsProto.registerAllExtensions(registry);
        return registry.getUnmodifiable();
    }
}
