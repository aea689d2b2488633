package io.grpcweb.gateway.config.hocon;

import com.google.protobuf.ByteString;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import io.grpcweb.gateway.config.RouteConfig.CannedReply;
import io.grpcweb.gateway.config.RouteConfig.PathMatch;
import io.grpcweb.gateway.schema.BadDescriptors;
import io.grpcweb.gateway.schema.DescriptorSource;
import io.grpcweb.gateway.schema.InvalidJson;
import io.grpcweb.gateway.schema.JsonReader;
import io.grpcweb.gateway.schema.JsonRules;
import io.grpcweb.gateway.schema.ProtoSchema;
import io.grpcweb.gateway.schema.RpcMethod;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A message that a route answers with: its JSON is held against the schema of the method when the configuration is read. */
final class CannedFormat {
    private static final String MESSAGE = "message";
    private static final String DESCRIPTORS = "descriptors";

    /** A field that the message does not have is a slip. */
    private static final JsonRules RULES = new JsonRules(JsonRules.STRICT.depth(), false, false, false);

    private CannedFormat() {}

    /** @param path of the route: a message belongs to one method */
    static Optional<CannedReply> reply(Fields own, Optional<CannedReply> given, PathMatch path) {
        return own.by(given, section -> read(section, path), CannedFormat::write);
    }

    private static Optional<CannedReply> read(Section section, PathMatch path) {
        Optional<String> descriptors = section.text(DESCRIPTORS);
        if (!section.has(MESSAGE)) {
            descriptors.ifPresent(any -> section.error(DESCRIPTORS, "there is no message that they could be for"));
            return Optional.empty();
        }
        Optional<ConfigObject> message = section.object(MESSAGE);
        if (!(path instanceof PathMatch.Exact exact)) {
            section.error(
                    MESSAGE, "a message belongs to one method: write path = \"/package.Service/Method\" in the route");
        } else if (descriptors.isEmpty()) {
            section.error(
                    MESSAGE,
                    "name the compiled proto file that knows the method: descriptors = \"api.pb\" (protoc --include_imports"
                            + " --descriptor_set_out)");
        } else if (message.isPresent()) {
            return encoded(section, exact.path(), descriptors.get(), message.get());
        }
        return Optional.empty();
    }

    private static Optional<CannedReply> encoded(
            Section section, String path, String descriptors, ConfigObject message) {
        try {
            section.reads(Path.of(descriptors));
            ProtoSchema schema = ProtoSchema.load(new DescriptorSource.InFile(descriptors));
            RpcMethod method = schema.method(path);
            if (method == null) {
                section.error(DESCRIPTORS, "'" + descriptors + "' has no method " + path + hint(schema, path));
                return Optional.empty();
            }
            String json = message.render(ConfigRenderOptions.concise());
            ByteString bytes = new JsonReader(schema, RULES)
                    .read(method.output(), new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)))
                    .toByteString();
            return Optional.of(new CannedReply(descriptors, json, bytes));
        } catch (InvalidJson e) {
            section.error(MESSAGE, "the response of " + path + " cannot be this: " + e.getMessage());
            return Optional.empty();
        } catch (BadDescriptors | InvalidPathException e) {
            section.error(DESCRIPTORS, e.getMessage());
            return Optional.empty();
        }
    }

    private static String hint(ProtoSchema schema, String path) {
        List<String> paths = schema.services().stream()
                .flatMap(service -> service.getMethods().stream()
                        .map(method -> "/" + service.getFullName() + "/" + method.getName()))
                .toList();
        return Spelling.hint(path, paths);
    }

    private static void write(Tree tree, Optional<CannedReply> reply) {
        reply.ifPresent(one -> tree.put(DESCRIPTORS, one.descriptors())
                .put(MESSAGE, ConfigFactory.parseString(one.json()).root().unwrapped()));
    }
}
