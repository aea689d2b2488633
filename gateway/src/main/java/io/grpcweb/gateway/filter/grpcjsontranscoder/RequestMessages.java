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
    ByteBuf ofJson(ByteBuf text) throws InvalidJson, Refusal {
        Message.Builder root = begin();
        List<FieldDescriptor> body = call.rule().body();
        if (body.isEmpty()) {
            if (text.isReadable()) {
                json.merge(new ByteBufInputStream(text), root);
            }
        } else {
            FieldDescriptor field = body.get(body.size() - 1);
            Message.Builder owner = at(root, body.subList(0, body.size() - 1));
            if (text.isReadable()) {
                json.mergeField(new ByteBufInputStream(text), owner, field);
            } else if (field.getJavaType() == JavaType.MESSAGE && !field.isRepeated()) {
                owner.getFieldBuilder(field);
            }
        }
        return finish(root);
    }

    /**
     * The next message.
     *
     * @param body the bytes of a {@code google.api.HttpBody}
     */
    ByteBuf ofRaw(ByteString body) throws InvalidJson, Refusal {
        Message.Builder root = begin();
        try {
            at(root, call.rule().body()).mergeFrom(body);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
        return finish(root);
    }

    /** What stands outside of the body comes first, so that the body has the last word about it. */
    private Message.Builder begin() throws InvalidJson {
        Message.Builder root = DynamicMessage.newBuilder(call.rule().method().input());
        if (!begun) {
            for (Call.Binding binding : call.bindings()) {
                if (!binding.isOneOfMany()) {
                    List<FieldDescriptor> path = binding.field();
                    set(at(root, path.subList(0, path.size() - 1)), binding);
                }
            }
        }
        return root;
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

    private ByteBuf finish(Message.Builder root) throws InvalidJson, Refusal {
        if (!begun) {
            begun = true;
            if (collisions) {
                Collisions.check(root, call.bindings(), json);
            }
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
