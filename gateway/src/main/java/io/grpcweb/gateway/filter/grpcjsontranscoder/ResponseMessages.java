package io.grpcweb.gateway.filter.grpcjsontranscoder;

import com.google.api.HttpBody;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.grpcweb.gateway.schema.BadMessage;
import io.grpcweb.gateway.schema.JsonWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufOutputStream;
import java.io.IOException;
import java.util.List;

/** Reads the messages of one response. */
final class ResponseMessages {
    private final Rule rule;
    private final JsonWriter json;

    ResponseMessages(Rule rule, JsonWriter json) {
        this.rule = rule;
        this.json = json;
    }

    /** Writes a message, or the part of it that the rule names, as JSON. */
    void writeJson(ByteBuf message, ByteBuf to) throws Refusal {
        List<FieldDescriptor> path = rule.responseBody();
        try {
            Message whole = parse(message);
            ByteBufOutputStream out = new ByteBufOutputStream(to);
            if (path.isEmpty()) {
                json.write(whole, out);
            } else {
                json.writeField(at(whole, path.subList(0, path.size() - 1)), path.get(path.size() - 1), out);
            }
        } catch (BadMessage e) {
            throw new Refusal(Failure.badResponse(e.getMessage()));
        }
    }

    /** The bytes of any kind that a message holds. */
    HttpBody raw(ByteBuf message) throws Refusal {
        try {
            return HttpBody.parseFrom(at(parse(message), rule.responseBody()).toByteString());
        } catch (InvalidProtocolBufferException e) {
            throw new Refusal(Failure.badResponse(e.getMessage()));
        }
    }

    private Message parse(ByteBuf message) throws Refusal {
        try {
            return DynamicMessage.parseFrom(rule.method().output(), CodedInputStream.newInstance(message.nioBuffer()));
        } catch (IOException e) {
            throw new Refusal(Failure.badResponse(e.getMessage()));
        }
    }

    private static Message at(Message message, List<FieldDescriptor> path) {
        Message at = message;
        for (FieldDescriptor field : path) {
            at = (Message) at.getField(field);
        }
        return at;
    }
}
