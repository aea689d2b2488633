package io.grpcweb.gateway.filter.grpcjsontranscoder;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.grpcweb.gateway.http.FrameScanner;
import io.grpcweb.gateway.schema.InvalidJson;
import io.grpcweb.gateway.schema.JsonReader;
import io.grpcweb.gateway.schema.Outside;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** Makes the messages of one request, in frames of gRPC. The first one also holds what path and query say. */
final class RequestMessages {
    private final Call call;
    private final JsonReader json;
    private final boolean collisions;
    private final ByteBufAllocator allocator;
    private boolean begun;

    /**
     * Makes none yet.
     *
     * @param collisions whether a field that has another value in the body than outside of it is refused
     */
    RequestMessages(Call call, JsonReader json, boolean collisions, ByteBufAllocator allocator) {
        this.call = call;
        this.json = json;
        this.collisions = collisions;
        this.allocator = allocator;
    }

    boolean begun() {
        return begun;
    }

    /**
     * The next message.
     *
     * @param text lent, the JSON of the body, or of one message of it; may be empty
     */
    ByteBuf ofJson(ByteBuf text) throws InvalidJson {
        Message.Builder root = DynamicMessage.newBuilder(call.rule().method().input());
        List<Call.Binding> left = begun ? List.of() : call.bindings();
        if (!text.isReadable()) {
            empty(root, call.rule().body());
        } else if (left.isEmpty()) {
            read(text, root, null);
        } else {
            Woven woven = Woven.of(left, collisions);
            read(text, root, woven);
            left = woven.left();
        }
        return finish(root, left);
    }

    private void read(ByteBuf text, Message.Builder root, Outside outside) throws InvalidJson {
        List<FieldDescriptor> body = call.rule().body();
        if (body.isEmpty()) {
            json.merge(new ByteBufInputStream(text), root, outside);
            return;
        }
        List<FieldDescriptor> path = body.subList(0, body.size() - 1);
        Outside inner = outside;
        for (FieldDescriptor field : path) {
            inner = inner == null ? null : inner.within(field.getName());
        }
        try {
            json.mergeField(new ByteBufInputStream(text), at(root, path), body.get(body.size() - 1), inner);
        } catch (InvalidJson e) {
            throw within(e, body);
        }
    }

    /** A body without a text is an empty message. */
    private static void empty(Message.Builder root, List<FieldDescriptor> body) throws InvalidJson {
        if (body.isEmpty()) {
            return;
        }
        FieldDescriptor field = body.get(body.size() - 1);
        Message.Builder owner = at(root, body.subList(0, body.size() - 1));
        if (field.getJavaType() != JavaType.MESSAGE) {
            throw InvalidJson.of(": invalid value Starting an object on a scalar field for type " + field.getName());
        }
        if (!field.isRepeated()) {
            owner.getFieldBuilder(field);
        } else if (!field.isMapField()) {
            owner.addRepeatedField(field, owner.newBuilderForField(field).build());
        }
    }

    /**
     * The next message.
     *
     * @param body the bytes of a {@code google.api.HttpBody}
     */
    ByteBuf ofRaw(ByteString body) throws InvalidJson {
        Message.Builder root = DynamicMessage.newBuilder(call.rule().method().input());
        if (!begun) {
            set(root, call.bindings());
        }
        try {
            at(root, call.rule().body()).mergeFrom(body);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
        return finish(root, List.of());
    }

    private void set(Message.Builder root, List<Call.Binding> bindings) throws InvalidJson {
        for (Call.Binding binding : bindings) {
            if (!binding.isOneOfMany()) {
                List<FieldDescriptor> path = binding.field();
                set(at(root, path.subList(0, path.size() - 1)), binding);
            }
        }
    }

    private void set(Message.Builder owner, Call.Binding binding) throws InvalidJson {
        List<FieldDescriptor> path = binding.field();
        try {
            json.mergeText(owner, path.get(path.size() - 1), binding.value());
        } catch (InvalidJson e) {
            throw within(e, path);
        }
    }

    private static InvalidJson within(InvalidJson problem, List<FieldDescriptor> path) {
        InvalidJson whole = problem;
        for (int i = path.size() - 2; i >= 0; i--) {
            whole = whole.in(path.get(i).getName());
        }
        return whole;
    }

    /**
     * Adds what path and query say.
     *
     * @param left of fields that are no lists, what the body says nothing of
     */
    private ByteBuf finish(Message.Builder root, List<Call.Binding> left) throws InvalidJson {
        if (!begun) {
            begun = true;
            set(root, left);
            new ListBindings(this::set).add(root, call.bindings());
        }
        return frame(root.build());
    }

    /** The message at a path of single fields, which is made where it is not there. */
    static Message.Builder at(Message.Builder root, List<FieldDescriptor> path) {
        Message.Builder at = root;
        for (FieldDescriptor field : path) {
            at = at.getFieldBuilder(field);
        }
        return at;
    }

    private ByteBuf frame(Message message) {
        int size = message.getSerializedSize();
        ByteBuf frame = allocator.buffer(FrameScanner.PREFIX + size);
        frame.writeByte(0).writeInt(size);
        try {
            CodedOutputStream out = CodedOutputStream.newInstance(frame.nioBuffer(FrameScanner.PREFIX, size));
            message.writeTo(out);
            out.flush();
        } catch (IOException e) {
            frame.release();
            throw new UncheckedIOException(e);
        }
        return frame.writerIndex(FrameScanner.PREFIX + size);
    }
}
