package io.grpcweb.gateway.filter.connect;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.WireFormat;
import io.grpcweb.gateway.http.GrpcStatus;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** The few fields of the reflection service's messages that are needed (grpc/reflection/v1/reflection.proto). */
final class ReflectionMessages {
    /** string file_by_filename = 3 of a ServerReflectionRequest. */
    static final int FILE_BY_NAME = 3;

    /** string file_containing_symbol = 4 of a ServerReflectionRequest. */
    static final int FILE_WITH_SYMBOL = 4;

    /** FileDescriptorResponse file_descriptor_response = 4 of a ServerReflectionResponse. */
    private static final int FILES = 4 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;

    /** ErrorResponse error_response = 7 of a ServerReflectionResponse. */
    private static final int ERROR = 7 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;

    /** repeated bytes file_descriptor_proto = 1 of a FileDescriptorResponse. */
    private static final int FILE = 1 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;

    /** int32 error_code = 1 of an ErrorResponse. */
    private static final int CODE = 1 << 3 | WireFormat.WIRETYPE_VARINT;

    private ReflectionMessages() {}

    /**
     * What a backend says to a question.
     *
     * @param status of gRPC
     * @param files that were asked for, and mostly what they import
     */
    record Said(GrpcStatus status, List<FileDescriptorProto> files) {}

    /** A question; the caller owns it. */
    static ByteBuf question(int field, String text, ByteBufAllocator allocator) {
        ByteBuf out = allocator.buffer(16 + text.length());
        try {
            CodedOutputStream coded = CodedOutputStream.newInstance(new ByteBufOutputStream(out));
            coded.writeString(field, text);
            coded.flush();
            return out;
        } catch (IOException e) {
            out.release();
            throw new UncheckedIOException("a buffer cannot be written", e);
        }
    }

    /**
     * Reads what was said.
     *
     * @throws IOException if it is no message of the service
     */
    static Said read(ByteBuf message) throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(message.nioBuffer());
        List<FileDescriptorProto> files = new ArrayList<>();
        GrpcStatus status = GrpcStatus.OK;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (tag) {
                case FILES -> files(CodedInputStream.newInstance(in.readByteArray()), files);
                case ERROR -> status = status(CodedInputStream.newInstance(in.readByteArray()));
                default -> in.skipField(tag);
            }
        }
        return new Said(status, files);
    }

    private static void files(CodedInputStream in, List<FileDescriptorProto> files) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (tag == FILE) {
                files.add(FileDescriptorProto.parseFrom(in.readByteArray()));
            } else {
                in.skipField(tag);
            }
        }
    }

    private static GrpcStatus status(CodedInputStream in) throws IOException {
        GrpcStatus status = GrpcStatus.UNKNOWN;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (tag == CODE) {
                status = GrpcStatus.of(in.readInt32());
            } else {
                in.skipField(tag);
            }
        }
        return status;
    }
}
