package io.grpcweb.gateway.filter.grpcjsontranscoder;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.grpcweb.gateway.schema.InvalidJson;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * Adds what path and query say of fields that are lists, behind what the body says of them. Several values for fields of a message in a list
 * make one element: {@code ?items.id=1&items.name=a}.
 */
final class ListBindings {
    private final Setter setter;
    private final IdentityHashMap<FieldDescriptor, Element> elements = new IdentityHashMap<>(2);
    private final List<Element> order = new ArrayList<>(2);

    private record Element(Message.Builder list, FieldDescriptor field, Message.Builder element) {}

    /** Sets one value. */
    interface Setter {
        void set(Message.Builder owner, Call.Binding binding) throws InvalidJson;
    }

    ListBindings(Setter setter) {
        this.setter = setter;
    }

    void add(Message.Builder root, List<Call.Binding> bindings) throws InvalidJson {
        for (Call.Binding binding : bindings) {
            if (binding.isOneOfMany()) {
                Message.Builder owner = root;
                for (FieldDescriptor field :
                        binding.field().subList(0, binding.field().size() - 1)) {
                    owner = field.isRepeated() ? element(owner, field) : owner.getFieldBuilder(field);
                }
                setter.set(owner, binding);
            }
        }
        // The innermost were made last.
        for (int i = order.size() - 1; i >= 0; i--) {
            Element one = order.get(i);
            one.list().addRepeatedField(one.field(), one.element().build());
        }
    }

    private Message.Builder element(Message.Builder list, FieldDescriptor field) {
        Element known = elements.get(field);
        if (known == null) {
            known = new Element(list, field, list.newBuilderForField(field));
            elements.put(field, known);
            order.add(known);
        }
        return known.element();
    }
}
