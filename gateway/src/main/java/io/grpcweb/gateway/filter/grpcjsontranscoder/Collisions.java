package io.grpcweb.gateway.filter.grpcjsontranscoder;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import io.grpcweb.gateway.schema.InvalidJson;
import io.grpcweb.gateway.schema.JsonReader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds fields that have another value in the body than in path or query. */
final class Collisions {
    private Collisions() {}

    /**
     * Compares what was set before the body was read with what is there now.
     *
     * @throws Refusal for the first that differs
     */
    static void check(Message.Builder root, List<Call.Binding> bindings, JsonReader json) throws Refusal, InvalidJson {
        Map<List<FieldDescriptor>, Call.Binding> last = new HashMap<>();
        for (Call.Binding binding : bindings) {
            if (!binding.isOneOfMany()) {
                last.put(binding.field(), binding);
            }
        }
        for (Call.Binding binding : last.values()) {
            List<FieldDescriptor> path = binding.field();
            FieldDescriptor field = path.get(path.size() - 1);
            DynamicMessage.Builder alone = DynamicMessage.newBuilder(field.getContainingType());
            json.mergeText(alone, field, binding.value());
            Object now =
                    RequestMessages.at(root, path.subList(0, path.size() - 1)).getField(field);
            if (!alone.getField(field).equals(now)) {
                throw new Refusal(Failure.badRequest(
                        "The binding value \"" + binding.value() + "\" of the field " + name(path)
                                + " is conflicting with the value " + shown(field, now) + " in the body.",
                        false));
            }
        }
    }

    private static String name(List<FieldDescriptor> path) {
        return String.join(".", path.stream().map(FieldDescriptor::getName).toList());
    }

    private static String shown(FieldDescriptor field, Object value) {
        return field.getJavaType() == JavaType.STRING ? "\"" + value + "\"" : value.toString();
    }
}
