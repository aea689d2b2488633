package io.grpcweb.gateway.filter.grpcjsontranscoder;

import com.google.api.AnnotationsProto;
import com.google.api.HttpRule;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import io.grpcweb.gateway.schema.ProtoSchema;
import io.grpcweb.gateway.schema.RpcMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Reads how methods are called over HTTP from their options, {@code google.api.http}. */
final class Rules {
    private static final String RAW = "google.api.HttpBody";

    private final PathTree<Rule> tree;
    private final TranscoderConfig.Methods settings;
    private final Consumer<String> problems;

    private Rules(TranscoderConfig.Methods settings, Consumer<String> problems) {
        this.tree = new PathTree<>(settings.anyVerb());
        this.settings = settings;
        this.problems = problems;
    }

    /**
     * The rules of some services.
     *
     * @param problems is told of what cannot be used
     */
    static PathTree<Rule> of(
            ProtoSchema schema, List<String> services, TranscoderConfig.Methods settings, Consumer<String> problems) {
        Rules rules = new Rules(settings, problems);
        for (String name : services) {
            ServiceDescriptor service = schema.service(name);
            if (service == null) {
                problems.accept("the descriptors have no service '" + name + "', but " + schema);
                continue;
            }
            for (MethodDescriptor method : service.getMethods()) {
                rules.add(schema.method("/" + name + "/" + method.getName()));
            }
        }
        return rules.tree;
    }

    private void add(RpcMethod method) {
        HttpRule rule = method.descriptor().getOptions().hasExtension(AnnotationsProto.http)
                ? method.descriptor().getOptions().getExtension(AnnotationsProto.http)
                : HttpRule.getDefaultInstance();
        if (rule.getPatternCase() == HttpRule.PatternCase.PATTERN_NOT_SET) {
            if (!settings.ownPaths()) {
                return;
            }
            rule = HttpRule.newBuilder()
                    .setPost(method.path())
                    .setBody("*")
                    .addAllAdditionalBindings(rule.getAdditionalBindingsList())
                    .build();
        }
        add(method, rule);
        rule.getAdditionalBindingsList().forEach(more -> add(method, more));
    }

    private void add(RpcMethod method, HttpRule rule) {
        try {
            String verb =
                    switch (rule.getPatternCase()) {
                        case GET -> "GET";
                        case PUT -> "PUT";
                        case POST -> "POST";
                        case DELETE -> "DELETE";
                        case PATCH -> "PATCH";
                        case CUSTOM -> rule.getCustom().getKind();
                        case PATTERN_NOT_SET ->
                            throw new BadTemplate("a rule has neither get nor put, post, delete, patch or custom");
                    };
            PathTemplate template = PathTemplate.parse(path(rule));
            Rule before = tree.add(verb, template, rule(method, rule, template));
            if (before != null && !before.method().equals(method)) {
                throw new BadTemplate("'" + verb + " " + path(rule) + "' leads to "
                        + before.method().path() + " already");
            }
        } catch (BadTemplate e) {
            problems.accept(method.descriptor().getFullName() + ": " + e.getMessage());
        }
    }

    private static String path(HttpRule rule) {
        return switch (rule.getPatternCase()) {
            case GET -> rule.getGet();
            case PUT -> rule.getPut();
            case POST -> rule.getPost();
            case DELETE -> rule.getDelete();
            case PATCH -> rule.getPatch();
            default -> rule.getCustom().getPath();
        };
    }

    private static Rule rule(RpcMethod method, HttpRule rule, PathTemplate template) throws BadTemplate {
        List<Rule.BoundVariable> variables = new ArrayList<>();
        for (PathTemplate.Variable variable : template.variables()) {
            variables.add(new Rule.BoundVariable(variable, resolve(method.input(), variable.field())));
        }
        List<FieldDescriptor> body = body(method.input(), rule.getBody());
        List<FieldDescriptor> response = body(method.output(), rule.getResponseBody());
        return new Rule(
                method,
                List.copyOf(variables),
                body,
                isRaw(method.input(), body),
                response,
                isRaw(method.output(), response));
    }

    private static List<FieldDescriptor> body(Descriptor type, String path) throws BadTemplate {
        return path.isEmpty() || path.equals("*") ? List.of() : resolve(type, List.of(path.split("\\.", -1)));
    }

    private static List<FieldDescriptor> resolve(Descriptor type, List<String> names) throws BadTemplate {
        try {
            List<FieldDescriptor> path = FieldPath.resolve(type, names);
            for (FieldDescriptor field : path.subList(0, path.size() - 1)) {
                if (field.isRepeated()) {
                    throw new BadTemplate("the field '" + String.join(".", names) + "' is in a list");
                }
            }
            return List.copyOf(path);
        } catch (FieldPath.NotFound e) {
            throw new BadTemplate(e.getMessage());
        }
    }

    private static boolean isRaw(Descriptor type, List<FieldDescriptor> path) {
        if (path.isEmpty()) {
            return type.getFullName().equals(RAW);
        }
        FieldDescriptor last = path.get(path.size() - 1);
        return last.getJavaType() == JavaType.MESSAGE
                && !last.isRepeated()
                && last.getMessageType().getFullName().equals(RAW);
    }
}
