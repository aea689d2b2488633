package io.grpcweb.gateway.selftest;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import java.util.ArrayList;
import java.util.List;

/** The messages of {@code grpc.testing.TestService}, as far as the tests use them, by the numbers of their fields. */
final class Messages {
    static final byte[] EMPTY = {};

    private static final int BODY = 2;
    private static final int SIZE = 1;
    private static final int INTERVAL = 2;

    private Messages() {}

    /** {@code SimpleRequest}, {@code StreamingOutputCallRequest}: what is wanted, and a payload of zeros. */
    record Request(List<Part> parts, int payload, int code, String message) {
        private static final int RESPONSE_SIZE = 2;
        private static final int PAYLOAD = 3;
        private static final int STATUS = 7;

        static Request of(int payload, Part... parts) {
            return new Request(List.of(parts), payload, 0, "");
        }

        static Request failing(int code, String message) {
            return new Request(List.of(), 0, code, message);
        }

        byte[] unary() {
            UnknownFieldSet.Builder message = rest();
            parts.forEach(part -> message.mergeField(RESPONSE_SIZE, varint(part.size())));
            return message.build().toByteArray();
        }

        byte[] streaming() {
            UnknownFieldSet.Builder message = rest();
            for (Part part : parts) {
                UnknownFieldSet one = UnknownFieldSet.newBuilder()
                        .addField(SIZE, varint(part.size()))
                        .addField(INTERVAL, varint(part.delayMicros()))
                        .build();
                message.mergeField(RESPONSE_SIZE, bytes(one.toByteString()));
            }
            return message.build().toByteArray();
        }

        private UnknownFieldSet.Builder rest() {
            UnknownFieldSet.Builder fields = UnknownFieldSet.newBuilder();
            if (payload > 0) {
                fields.addField(PAYLOAD, bytes(Messages.payload(payload)));
            }
            if (code > 0) {
                fields.addField(
                        STATUS,
                        bytes(UnknownFieldSet.newBuilder()
                                .addField(1, varint(code))
                                .addField(2, bytes(ByteString.copyFromUtf8(message)))
                                .build()
                                .toByteString()));
            }
            return fields;
        }

        static Request readUnary(byte[] bytes) throws InvalidProtocolBufferException {
            UnknownFieldSet fields = UnknownFieldSet.parseFrom(bytes);
            List<Part> parts = new ArrayList<>();
            fields.getField(RESPONSE_SIZE).getVarintList().forEach(size -> parts.add(new Part(size.intValue(), 0)));
            return read(fields, parts);
        }

        static Request readStreaming(byte[] bytes) throws InvalidProtocolBufferException {
            UnknownFieldSet fields = UnknownFieldSet.parseFrom(bytes);
            List<Part> parts = new ArrayList<>();
            for (ByteString one : fields.getField(RESPONSE_SIZE).getLengthDelimitedList()) {
                UnknownFieldSet part = UnknownFieldSet.parseFrom(one);
                parts.add(new Part((int) number(part, SIZE), number(part, INTERVAL)));
            }
            return read(fields, parts);
        }

        private static Request read(UnknownFieldSet fields, List<Part> parts) throws InvalidProtocolBufferException {
            int code = 0;
            String message = "";
            for (ByteString status : fields.getField(STATUS).getLengthDelimitedList()) {
                UnknownFieldSet one = UnknownFieldSet.parseFrom(status);
                code = (int) number(one, 1);
                for (ByteString text : one.getField(2).getLengthDelimitedList()) {
                    message = text.toStringUtf8();
                }
            }
            return new Request(parts, sizeOf(fields, PAYLOAD), code, message);
        }
    }

    /** A response that is wanted: a payload of zeros, after some time. */
    record Part(int size, long delayMicros) {}

    /** {@code SimpleResponse}, {@code StreamingOutputCallResponse}, {@code StreamingInputCallRequest}. */
    static byte[] withPayload(int size) {
        return UnknownFieldSet.newBuilder()
                .addField(1, bytes(payload(size)))
                .build()
                .toByteArray();
    }

    /** The size of the payload of such a message; -1 where there is none. */
    static int payloadOf(byte[] message) throws InvalidProtocolBufferException {
        UnknownFieldSet fields = UnknownFieldSet.parseFrom(message);
        return fields.hasField(1) ? sizeOf(fields, 1) : -1;
    }

    /** {@code StreamingInputCallResponse}. */
    static byte[] aggregated(int size) {
        return UnknownFieldSet.newBuilder().addField(1, varint(size)).build().toByteArray();
    }

    static int aggregatedOf(byte[] message) throws InvalidProtocolBufferException {
        return (int) number(UnknownFieldSet.parseFrom(message), 1);
    }

    private static ByteString payload(int size) {
        return UnknownFieldSet.newBuilder()
                .addField(BODY, bytes(ByteString.copyFrom(new byte[size])))
                .build()
                .toByteString();
    }

    private static int sizeOf(UnknownFieldSet fields, int number) throws InvalidProtocolBufferException {
        int size = 0;
        for (ByteString payload : fields.getField(number).getLengthDelimitedList()) {
            for (ByteString body :
                    UnknownFieldSet.parseFrom(payload).getField(BODY).getLengthDelimitedList()) {
                size += body.size();
            }
        }
        return size;
    }

    private static long number(UnknownFieldSet fields, int number) {
        List<Long> values = fields.getField(number).getVarintList();
        return values.isEmpty() ? 0 : values.get(values.size() - 1);
    }

    private static Field varint(long value) {
        return Field.newBuilder().addVarint(value).build();
    }

    private static Field bytes(ByteString value) {
        return Field.newBuilder().addLengthDelimited(value).build();
    }
}
