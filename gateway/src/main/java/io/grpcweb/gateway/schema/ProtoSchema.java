package io.grpcweb.gateway.schema;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The messages and services of a set of descriptors. It is immutable but for what it remembers of messages that were looked at, and
 * every thread may use it. Two are equal if they were made of the same descriptors.
 */
public final class ProtoSchema {
    private final FileDescriptorSet set;
    private final Map<String, Descriptor> messages = new HashMap<>();
    private final Map<String, ServiceDescriptor> services = new LinkedHashMap<>();
    private final Map<String, RpcMethod> methods = new HashMap<>();
    private final MessageShapes shapes = new MessageShapes();

    private ProtoSchema(FileDescriptorSet set, List<FileDescriptor> files) {
        this.set = set;
        for (FileDescriptor file : files) {
            file.getMessageTypes().forEach(this::add);
            for (ServiceDescriptor service : file.getServices()) {
                services.put(service.getFullName(), service);
                for (MethodDescriptor method : service.getMethods()) {
                    RpcMethod one = RpcMethod.of(method);
                    methods.put(one.path(), one);
                }
            }
        }
        for (Descriptor builtIn : BuiltIn.MESSAGES) {
            messages.putIfAbsent(builtIn.getFullName(), builtIn);
        }
    }

    private void add(Descriptor message) {
        messages.put(message.getFullName(), message);
        message.getNestedTypes().forEach(this::add);
    }

    /** Reads the descriptors of a source. */
    public static ProtoSchema load(DescriptorSource source) throws BadDescriptors {
        return of(source.bytes());
    }

    /**
     * Reads the bytes of a {@code google.protobuf.FileDescriptorSet}.
     *
     * @throws BadDescriptors if they are none, or if the set is not whole or contradicts itself
     */
    public static ProtoSchema of(byte[] bytes) throws BadDescriptors {
        FileDescriptorSet set = DescriptorFiles.parse(bytes);
        return new ProtoSchema(set, DescriptorFiles.link(set.getFileList()));
    }

    /** Reads the bytes of one file, with the options that are looked at. */
    public static FileDescriptorProto file(ByteString bytes) throws InvalidProtocolBufferException {
        return FileDescriptorProto.parseFrom(bytes, BuiltIn.EXTENSIONS);
    }

    /** Takes descriptors, in any order. */
    public static ProtoSchema of(FileDescriptorSet set) throws BadDescriptors {
        return new ProtoSchema(set, DescriptorFiles.link(set.getFileList()));
    }

    /** Puts schemas together; a file may be in several of them if it is the same. */
    public static ProtoSchema of(List<ProtoSchema> parts) throws BadDescriptors {
        FileDescriptorSet.Builder all = FileDescriptorSet.newBuilder();
        parts.forEach(part -> all.mergeFrom(part.set));
        return of(all.build());
    }

    /**
     * The method that is called by a path; null where there is none.
     *
     * @param path {@code /package.Service/Method}, without a query
     */
    public RpcMethod method(CharSequence path) {
        return methods.get(path.toString());
    }

    /** The service of this full name; null where there is none. */
    public ServiceDescriptor service(String fullName) {
        return services.get(fullName);
    }

    /** All services, in the order of the set. */
    public Collection<ServiceDescriptor> services() {
        return Collections.unmodifiableCollection(services.values());
    }

    /** The message of this full name, which may be one that every gateway knows, such as an error detail; null for none. */
    public Descriptor message(String fullName) {
        return messages.get(fullName);
    }

    /** What JSON needs to know of a message. */
    MessageShape shape(Descriptor message) {
        return shapes.of(message);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ProtoSchema schema && schema.set.equals(set);
    }

    @Override
    public int hashCode() {
        return set.hashCode();
    }

    /** The names of the services. */
    @Override
    public String toString() {
        return services.keySet().toString();
    }
}
