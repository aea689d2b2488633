package io.grpcweb.gateway.filter.reflection;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import io.grpcweb.gateway.http.FrameScanner;
import io.grpcweb.gateway.schema.ProtoSchema;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a reflection service has answered: {@code ServerReflectionResponse} messages.
 *
 * @param services names of services
 * @param files descriptors of files
 * @param errors texts of questions that have no answer
 */
record ReflectionAnswer(List<String> services, List<FileDescriptorProto> files, List<String> errors) {
    private static final int FILES = 4;
    private static final int SERVICES = 6;
    private static final int ERROR = 7;

    /**
     * Reads a body.
     *
     * @throws InvalidProtocolBufferException if it is none of a reflection service
     */
    static ReflectionAnswer read(ByteBuf body) throws InvalidProtocolBufferException {
        ReflectionAnswer answer = new ReflectionAnswer(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        while (body.isReadable()) {
            if (body.readableBytes() < FrameScanner.PREFIX) {
                throw new InvalidProtocolBufferException("a frame is cut off");
            }
            int flags = body.readUnsignedByte();
            long length = body.readUnsignedInt();
            if (flags != 0 || length > body.readableBytes()) {
                throw new InvalidProtocolBufferException(flags != 0 ? "a message is compressed" : "a frame is cut off");
            }
            answer.add(ByteString.copyFrom(body.readSlice((int) length).nioBuffer()));
        }
        return answer;
    }

    private void add(ByteString response) throws InvalidProtocolBufferException {
        for (ByteString part : bytes(response, FILES)) {
            for (ByteString file : bytes(part, 1)) {
                files.add(ProtoSchema.file(file));
            }
        }
        for (ByteString part : bytes(response, SERVICES)) {
            for (ByteString service : bytes(part, 1)) {
                bytes(service, 1).forEach(name -> services.add(name.toStringUtf8()));
            }
        }
        for (ByteString part : bytes(response, ERROR)) {
            bytes(part, 2).forEach(text -> errors.add(text.toStringUtf8()));
        }
    }

    /** The values of one field; those of others are passed over, and nothing is kept of them. */
    private static List<ByteString> bytes(ByteString message, int field) throws InvalidProtocolBufferException {
        List<ByteString> values = new ArrayList<>();
        try {
            CodedInputStream in = message.newCodedInput();
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                if (tag == (field << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
                    values.add(in.readBytes());
                } else {
                    in.skipField(tag);
                }
            }
            return values;
        } catch (InvalidProtocolBufferException e) {
            throw e;
        } catch (IOException e) {
            // Nothing else can fail in memory.
            throw new InvalidProtocolBufferException(e);
        }
    }
}
