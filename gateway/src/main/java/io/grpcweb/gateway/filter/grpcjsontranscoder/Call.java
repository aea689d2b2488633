package io.grpcweb.gateway.filter.grpcjsontranscoder;

import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.List;
import java.util.Map;

/**
 * A request that leads to a method.
 *
 * @param bindings what path and query say of fields, in this order
 * @param unknown parameters that are no fields, by their names; empty where they are not captured
 */
record Call(Rule rule, List<Binding> bindings, Map<String, List<String>> unknown) {

    /** A value of a field, which stands outside of the body. */
    record Binding(List<FieldDescriptor> field, String value) {

        /** Whether it is one of many: it is added, where another one takes the place of what was there. */
        boolean isOneOfMany() {
            for (FieldDescriptor one : field) {
                if (one.isRepeated()) {
                    return true;
                }
            }
            return false;
        }
    }
}
