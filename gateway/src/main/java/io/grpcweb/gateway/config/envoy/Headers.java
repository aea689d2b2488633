package io.grpcweb.gateway.config.envoy;

import io.grpcweb.gateway.config.HeaderRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Header fields to add and to remove. */
public final class Headers {
    private final Reading reading;

    Headers(Reading reading) {
        this.reading = reading;
    }

    /** The four lists that routes, virtual hosts and others have under the same names. */
    public HeaderRules rules(Msg owner) {
        return new HeaderRules(
                add(owner, "request_headers_to_add"),
                remove(owner, "request_headers_to_remove"),
                add(owner, "response_headers_to_add"),
                remove(owner, "response_headers_to_remove"));
    }

    /** A list of {@code envoy.config.core.v3.HeaderValueOption}. */
    public List<HeaderRules.Add> add(Msg owner, String field) {
        List<HeaderRules.Add> found = new ArrayList<>();
        for (Msg option : owner.messages(field)) {
            option(option, field.startsWith("request")).ifPresent(found::add);
        }
        return found;
    }

    /**
     * One {@code envoy.config.core.v3.HeaderValueOption}.
     *
     * @param request whether the field is one of a request
     */
    public Optional<HeaderRules.Add> option(Msg option, boolean request) {
        return option.message("header").map(header -> {
            String name = header.text("key").toLowerCase(Locale.ROOT);
            if (name.startsWith(":") && request && !name.equals(":authority")) {
                reading.error(header, "key", "pseudo-header fields cannot be added: " + name);
            } else if (name.equals("host") || name.equals(":authority")) {
                reading.error(header, "key", "the host is set by host_rewrite_literal of the route");
            }
            reading.checkOperators(header, "value", header.text("value"));
            return new HeaderRules.Add(
                    name, header.text("value"), action(option), option.flag("keep_empty_value", false));
        });
    }

    /** What happens where a name is there already, by the field {@code append_action}, or {@code action} of parameters. */
    public HeaderRules.Action action(Msg option) {
        if (option.has("append") && option.has("append_action")) {
            reading.error(option, "append", "only one of append and append_action may be set");
        }
        String otherwise = option.flag("append", true) ? option.text("action") : "OVERWRITE_IF_EXISTS_OR_ADD";
        return switch (option.text("append_action", otherwise)) {
            case "ADD_IF_ABSENT" -> HeaderRules.Action.ADD_IF_ABSENT;
            case "OVERWRITE_IF_EXISTS_OR_ADD" -> HeaderRules.Action.OVERWRITE_OR_ADD;
            case "OVERWRITE_IF_EXISTS" -> HeaderRules.Action.OVERWRITE_IF_EXISTS;
            default -> HeaderRules.Action.APPEND;
        };
    }

    private List<String> remove(Msg owner, String field) {
        List<String> names = new ArrayList<>();
        for (String name : owner.texts(field)) {
            if (name.startsWith(":") || name.equalsIgnoreCase("host")) {
                reading.error(owner, field, "'" + name + "' cannot be removed");
            }
            names.add(name.toLowerCase(Locale.ROOT));
        }
        return names;
    }
}
