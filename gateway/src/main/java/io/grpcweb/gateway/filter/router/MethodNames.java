package io.grpcweb.gateway.filter.router;

import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import io.grpcweb.gateway.config.hocon.Spelling;
import io.grpcweb.gateway.schema.ProtoSchema;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The methods that a backend says it has, by the full names of their services. */
record MethodNames(Map<String, List<String>> services) {

    /**
     * What was called and is not there.
     *
     * @param text for people
     * @param similar the path of what may have been meant; of a service only, where that is not there either
     */
    record Miss(String text, Optional<String> similar) {}

    static MethodNames of(ProtoSchema schema) {
        Map<String, List<String>> found = new TreeMap<>();
        for (ServiceDescriptor service : schema.services()) {
            found.put(
                    service.getFullName(),
                    service.getMethods().stream().map(MethodDescriptor::getName).toList());
        }
        return new MethodNames(found);
    }

    /** What all of these say together; null where there are none. */
    static MethodNames of(List<ProtoSchema> schemas) {
        Map<String, List<String>> found = new TreeMap<>();
        schemas.forEach(schema -> found.putAll(of(schema).services()));
        return found.isEmpty() ? null : new MethodNames(found);
    }

    /** For {@code /package.Service/Method}; empty where the method is there, or the path is none of a method. */
    Optional<Miss> missing(String path) {
        int slash = path.indexOf('/', 1);
        if (slash < 2 || slash != path.lastIndexOf('/') || slash + 1 == path.length()) {
            return Optional.empty();
        }
        String service = path.substring(1, slash);
        String method = path.substring(slash + 1);
        List<String> methods = services.get(service);
        if (methods == null) {
            return Optional.of(miss("no service " + service, "/", similarService(service)));
        }
        return methods.contains(method)
                ? Optional.empty()
                : Optional.of(
                        miss("no method " + service + "/" + method, "/" + service + "/", closest(method, methods)));
    }

    private static Miss miss(String text, String before, Optional<String> similar) {
        String question = similar.map(name -> "; did you mean " + name + "?").orElse("");
        return new Miss(text + question, similar.map(before::concat));
    }

    /** One that is spelt like it, or that has its name in another package. */
    private Optional<String> similarService(String service) {
        String simple = "." + service.substring(service.lastIndexOf('.') + 1);
        return closest(service, services.keySet().stream().toList()).or(() -> services.keySet().stream()
                .filter(name -> ("." + name).endsWith(simple))
                .findFirst());
    }

    private static Optional<String> closest(String name, List<String> choices) {
        return choices.stream().filter(name::equalsIgnoreCase).findFirst().or(() -> Spelling.closest(name, choices));
    }
}
