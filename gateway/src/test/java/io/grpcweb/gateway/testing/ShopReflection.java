package io.grpcweb.gateway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** A backend's reflection service that tells the descriptors of {@link Shop}, once. */
public final class ShopReflection implements Script {
    public static final String V1 = "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo";

    private final AtomicInteger questions = new AtomicInteger();

    /** How often it was asked. */
    public int questions() {
        return questions.get();
    }

    /** The first question is for the services, the second for the file of one, the others for the files that it imports. */
    @Override
    public void run(BackendCall call) throws InvalidProtocolBufferException {
        byte[] asked = call.awaitEnd();
        call.head();
        if (questions.incrementAndGet() == 1) {
            assertThat(asked).isEqualTo(Frames.hex("00 00000003 3a012a"));
            call.data(Frames.message(message(6, message(1, message(1, ByteString.copyFromUtf8("shop.Shop"))))
                    .toByteArray()));
        } else {
            files(call, asked);
        }
        call.trailers("grpc-status", "0");
    }

    private static void files(BackendCall call, byte[] asked) throws InvalidProtocolBufferException {
        boolean bySymbol = asked[5] == 0x22;
        for (FileDescriptorProto file :
                FileDescriptorSet.parseFrom(Shop.descriptors()).getFileList()) {
            boolean wanted = bySymbol
                    ? file.getName().equals("shop.proto")
                    : new String(asked, StandardCharsets.UTF_8).contains(file.getName());
            if (wanted) {
                call.data(Frames.message(
                        message(4, message(1, file.toByteString())).toByteArray()));
            }
        }
    }

    private static ByteString message(int field, ByteString value) {
        UnknownFieldSet.Field bytes =
                UnknownFieldSet.Field.newBuilder().addLengthDelimited(value).build();
        return UnknownFieldSet.newBuilder().addField(field, bytes).build().toByteString();
    }
}
