package io.grpcweb.gateway.filter.grpcjsontranscoder;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import java.util.ArrayList;
import java.util.List;

/** Fields of messages inside of each other, by their names with dots between. */
final class FieldPath {
    /** Messages in each other, as in JSON and in protobuf's own parsers. */
    private static final int MOST = 100;

    private FieldPath() {}

    /** A path that leads nowhere; the message is for the caller. */
    static final class NotFound extends Exception {
        private static final long serialVersionUID = 1;

        NotFound(String message) {
            super(message, null, false, false);
        }
    }

    static List<FieldDescriptor> resolve(Descriptor type, List<String> names) throws NotFound {
        if (names.size() > MOST) {
            throw new NotFound("A field path has " + names.size() + " names, at most " + MOST + " are followed.");
        }
        List<FieldDescriptor> path = new ArrayList<>(names.size());
        Descriptor in = type;
        for (String name : names) {
            if (in == null) {
                throw new NotFound("Encountered a non-leaf field \""
                        + path.get(path.size() - 1).getName()
                        + "\" that is not a message while parsing a field path");
            }
            FieldDescriptor field = find(in, name);
            if (field == null) {
                throw new NotFound("Could not find field \"" + name + "\" in the type \"" + in.getFullName() + "\".");
            }
            if (in.getOptions().getMapEntry()) {
                throw new NotFound("The field \"" + path.get(path.size() - 1).getName() + "\" is a map");
            }
            path.add(field);
            in = field.getJavaType() == JavaType.MESSAGE ? field.getMessageType() : null;
        }
        return path;
    }

    private static FieldDescriptor find(Descriptor type, String name) {
        FieldDescriptor found = type.findFieldByName(name);
        if (found != null) {
            return found;
        }
        for (FieldDescriptor field : type.getFields()) {
            if (field.getJsonName().equals(name)) {
                return field;
            }
        }
        return null;
    }
}
