package io.grpcweb.gateway.config.envoy;

import io.grpcweb.gateway.config.TagRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.StringJoiner;

/** An {@code envoy.type.tracing.v3.CustomTag}: each kind of it is an operator. */
final class CustomTags {
    private CustomTags() {}

    static List<TagRule> read(Msg owner, Reading reading) {
        List<TagRule> found = new ArrayList<>();
        for (Msg tag : owner.messages("custom_tags")) {
            tag(tag, reading).ifPresent(found::add);
        }
        return found;
    }

    private static Optional<TagRule> tag(Msg tag, Reading reading) {
        String name = tag.text("tag");
        String kind = tag.which("type");
        if (kind.equals("value")) {
            reading.checkOperators(tag, "value", tag.text("value"));
            return Optional.of(new TagRule(name, tag.text("value"), ""));
        }
        return tag.message(kind).map(one -> switch (kind) {
            case "literal" -> new TagRule(name, one.text("value").replace("%", "%%"), "");
            case "environment" -> new TagRule(name, environment(one.text("name"), one.text("default_value")), "");
            case "request_header" ->
                new TagRule(
                        name, "%REQ(" + one.text("name").toUpperCase(Locale.ROOT) + ")%", one.text("default_value"));
            default -> new TagRule(name, metadata(one), one.text("default_value"));
        });
    }

    private static String environment(String variable, String otherwise) {
        return Objects.requireNonNullElse(System.getenv(variable), otherwise).replace("%", "%%");
    }

    /** Requests and routes have metadata here: of clusters and endpoints there is the default. */
    private static String metadata(Msg tag) {
        Optional<Msg> kind = tag.message("kind");
        boolean ofRoute = kind.isPresent() && kind.get().has("route");
        boolean ofRequest = kind.isEmpty() || kind.get().has("request");
        Optional<Msg> key = tag.message("metadata_key");
        if (!(ofRequest || ofRoute) || key.isEmpty()) {
            return "";
        }
        StringJoiner path = new StringJoiner(":", ofRoute ? "%METADATA(ROUTE:" : "%DYNAMIC_METADATA(", ")%");
        path.add(key.get().text("key"));
        key.get().messages("path").forEach(segment -> path.add(segment.text("key")));
        return path.toString();
    }
}
