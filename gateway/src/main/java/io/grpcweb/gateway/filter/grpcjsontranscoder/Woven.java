package io.grpcweb.gateway.filter.grpcjsontranscoder;

import com.google.protobuf.Descriptors.FieldDescriptor;
import io.grpcweb.gateway.schema.InvalidJson;
import io.grpcweb.gateway.schema.Outside;
import io.grpcweb.gateway.schema.Said;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What path and query say of the fields of one message, seen while the body is read. The body goes before them: what it has is taken out of
 * what is left, or must be the same.
 */
final class Woven implements Outside {
    private final List<Call.Binding> left;
    private final boolean collisions;
    private final Map<String, List<Call.Binding>> here = new HashMap<>(4);
    private final Map<String, Woven> inside = new HashMap<>(0);

    private Woven(List<Call.Binding> left, boolean collisions) {
        this.left = left;
        this.collisions = collisions;
    }

    /**
     * Nothing of the body was read.
     *
     * @param collisions whether a field that has another value in the body is refused
     */
    static Woven of(List<Call.Binding> bindings, boolean collisions) {
        Woven root = new Woven(new ArrayList<>(bindings), collisions);
        for (Call.Binding binding : bindings) {
            if (!binding.isOneOfMany()) {
                root.add(binding);
            }
        }
        return root;
    }

    private void add(Call.Binding binding) {
        Woven at = this;
        List<FieldDescriptor> path = binding.field();
        for (FieldDescriptor field : path.subList(0, path.size() - 1)) {
            at = at.inside.computeIfAbsent(field.getName(), name -> new Woven(left, collisions));
        }
        at.here.computeIfAbsent(name(binding), name -> new ArrayList<>(1)).add(binding);
    }

    private static String name(Call.Binding binding) {
        return binding.field().get(binding.field().size() - 1).getName();
    }

    /** What the body said nothing of. */
    List<Call.Binding> left() {
        return left;
    }

    @Override
    public Outside within(String field) {
        return inside.get(field);
    }

    @Override
    public void said(String field, Said value) throws InvalidJson {
        for (Call.Binding binding : here.getOrDefault(field, List.of())) {
            if (collisions) {
                Collision.check(field, binding.value(), value);
            }
            left.remove(binding);
        }
    }
}
