package io.grpcweb.gateway.config.hocon;

import io.grpcweb.gateway.config.HeaderRules;
import io.grpcweb.gateway.config.HeaderRules.Action;
import io.grpcweb.gateway.config.HeaderRules.Add;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Header fields to add and to remove, in the gateway's own format. */
public final class HeaderFormat {
    private static final Add NOTHING = new Add("", "", Action.OVERWRITE_OR_ADD, false);

    /** {@code NAME: VALUE}, which replaces what is there. */
    private static final Brief<Add> LINE = Brief.of(HeaderFormat::fromLine, HeaderFormat::toLine);

    private HeaderFormat() {}

    private static Optional<Add> fromLine(Fields owner, String key, String line) {
        int colon = line.indexOf(':');
        if (colon <= 0) {
            owner.error(key, "\"NAME: VALUE\" is expected, not '" + line + "'");
            return Optional.empty();
        }
        String name = line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
        return Optional.of(new Add(name, line.substring(colon + 1).strip(), Action.OVERWRITE_OR_ADD, false));
    }

    private static Optional<String> toLine(Add add) {
        Add plain = new Add(add.name(), add.value().strip(), Action.OVERWRITE_OR_ADD, false);
        return add.equals(plain) && !add.name().isEmpty()
                ? Optional.of(add.name() + ": " + add.value())
                : Optional.empty();
    }

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

    private static List<String> names(Fields own, String key, List<String> given) {
        return own.texts(key, given).stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .toList();
    }

    /** Fields to add. */
    public static List<Add> adds(Fields own, String key, List<Add> given) {
        return own.sections(key, given, NOTHING, HeaderFormat::add, LINE);
    }

    private static Add add(Fields own, Add given) {
        return new Add(
                MatchFormat.name(own, given.name()).toLowerCase(Locale.ROOT),
                own.text("value", given.value()),
                own.choice("action", given.action()),
                own.flag("keep-empty", given.keepEmpty()));
    }
}
