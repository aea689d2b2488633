package io.grpcweb.gateway.config.hocon;

import io.grpcweb.gateway.config.TagRule;
import java.util.List;

/** Tags of spans and log entries, in the gateway's own format. */
final class TagFormat {
    private static final TagRule NOTHING = new TagRule("", "", "");

    private TagFormat() {}

    static List<TagRule> tags(Fields own, String key, List<TagRule> given) {
        return own.sections(key, given, NOTHING, TagFormat::tag);
    }

    private static TagRule tag(Fields own, TagRule given) {
        String name = own.text("name", given.name());
        if (name.isEmpty()) {
            own.error("", "'name' is required");
        }
        return new TagRule(name, own.text("value", given.value()), own.text("otherwise", given.otherwise()));
    }
}
