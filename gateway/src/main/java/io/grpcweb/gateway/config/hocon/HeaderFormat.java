package io.grpcweb.gateway.config.hocon;

import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.grpcweb.gateway.config.HeaderRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Header fields to add and to remove, in the gateway's own format. */
public final class HeaderFormat {
    private HeaderFormat() {}

    /** The section {@code headers} of a place. */
    static HeaderRules rules(Fields owner, HeaderRules given) {
        return owner.section("headers", given, HeaderFormat::fields);
    }

    private static HeaderRules fields(Fields own, HeaderRules given) {
        return new HeaderRules(
                adds(own, "add-to-request", given.requestAdd()),
                names(own, "remove-from-request", given.requestRemove()),
                adds(own, "add-to-response", given.responseAdd()),
                names(own, "remove-from-response", given.responseRemove()));
    }

    static HeaderRules read(Section owner) {
        return rules(owner, HeaderRules.NONE);
    }

    static void write(Tree owner, HeaderRules rules) {
        owner.section("headers", rules, HeaderRules.NONE, HeaderFormat::fields);
    }

    private static List<String> names(Fields own, String key, List<String> given) {
        return own.texts(key, given).stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .toList();
    }

    /** A list of fields to add. */
    public static List<HeaderRules.Add> adds(Fields own, String key, List<HeaderRules.Add> given) {
        return own.by(
                given,
                section -> section.has(key) ? adds(section, key) : given,
                (tree, adds) -> tree.list(key, adds, HeaderFormat::write));
    }

    /** A text is {@code name: value}; it replaces what is there. */
    public static List<HeaderRules.Add> adds(Section section, String key) {
        List<HeaderRules.Add> found = new ArrayList<>();
        int index = 0;
        for (ConfigValue item : section.items(key)) {
            String where = section.path(key) + "[" + index++ + "]";
            if (item.valueType() == ConfigValueType.STRING) {
                String text = (String) item.unwrapped();
                int colon = text.indexOf(':');
                if (colon <= 0) {
                    section.error(key, "\"NAME: VALUE\" is expected, not '" + text + "'");
                } else {
                    found.add(new HeaderRules.Add(
                            text.substring(0, colon).strip().toLowerCase(Locale.ROOT),
                            text.substring(colon + 1).strip(),
                            HeaderRules.Action.OVERWRITE_OR_ADD,
                            false));
                }
                continue;
            }
            section.section(item, where)
                    .ifPresent(one -> found.add(new HeaderRules.Add(
                            MatchFormat.name(one).toLowerCase(Locale.ROOT),
                            one.text("value", ""),
                            one.choice("action", HeaderRules.Action.class, HeaderRules.Action.OVERWRITE_OR_ADD),
                            one.flag("keep-empty", false))));
        }
        return found;
    }

    /** One of them, as a text where that says all. */
    public static Object write(HeaderRules.Add add) {
        boolean plain = add.action() == HeaderRules.Action.OVERWRITE_OR_ADD
                && !add.keepEmpty()
                && add.value().equals(add.value().strip());
        return plain
                ? add.name() + ": " + add.value()
                : new Tree()
                        .put("name", add.name())
                        .put("value", add.value())
                        .put("action", add.action())
                        .put("keep-empty", add.keepEmpty(), false);
    }
}
