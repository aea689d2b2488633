package io.grpcweb.gateway.config.hocon;

import io.grpcweb.gateway.config.IpRange;
import io.grpcweb.gateway.config.Metadata;
import io.grpcweb.gateway.config.MetadataMatch;
import io.grpcweb.gateway.config.StringMatch;
import io.grpcweb.gateway.config.ValueMatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Matchers of what filters have found out, and of addresses, in the gateway's own format. */
public final class ValueFormat {
    private ValueFormat() {}

    /** A condition on metadata: {@code path}, a matcher of the value, {@code of-route} and {@code invert}. */
    public static MetadataMatch metadata(Section section) {
        List<String> path = section.texts("path");
        if (path.size() < 2) {
            section.error("path", "a namespace and at least one name below it are expected");
        }
        return new MetadataMatch(path, section.flag("of-route", false), value(section), section.flag("invert", false));
    }

    private static ValueMatch value(Section section) {
        List<ValueMatch> found = new ArrayList<>();
        Optional<StringMatch> text = MatchFormat.text(section, Optional.empty());
        text.ifPresent(match -> found.add(new ValueMatch.Text(match)));
        if (section.has("equals")) {
            found.add(new ValueMatch.Exactly(section.decimal("equals", 0)));
        }
        if (section.has("from") || section.has("to")) {
            found.add(new ValueMatch.Between(
                    section.decimal("from", -Double.MAX_VALUE), section.decimal("to", Double.MAX_VALUE)));
        }
        if (section.has("is")) {
            found.add(new ValueMatch.Flag(section.flag("is", true)));
        }
        if (section.has("present")) {
            found.add(new ValueMatch.Present(section.flag("present", true)));
        }
        if (section.flag("nothing", false)) {
            found.add(new ValueMatch.Null());
        }
        section.section("has-item").ifPresent(item -> found.add(new ValueMatch.OneOf(value(item))));
        List<Section> any = section.sections("any-of");
        if (!any.isEmpty()) {
            found.add(new ValueMatch.Any(any.stream().map(ValueFormat::value).toList()));
        }
        if (found.size() != 1) {
            section.error(
                    "",
                    "one of exact, prefix, suffix, contains, regex, equals, from and to, is, present, nothing, has-item and"
                            + " any-of is expected");
            return new ValueMatch.Present(false);
        }
        return found.get(0);
    }

    public static Tree write(MetadataMatch match) {
        return write(new Tree().list("path", match.path()), match.value())
                .put("of-route", match.ofRoute(), false)
                .put("invert", match.invert(), false);
    }

    private static Tree write(Tree tree, ValueMatch match) {
        if (match instanceof ValueMatch.Text text) {
            return MatchFormat.write(tree, text.text());
        }
        if (match instanceof ValueMatch.Exactly number) {
            return tree.put("equals", number.number());
        }
        if (match instanceof ValueMatch.Between range) {
            return tree.put("from", range.from()).put("to", range.to());
        }
        if (match instanceof ValueMatch.Flag flag) {
            return tree.put("is", flag.wanted());
        }
        if (match instanceof ValueMatch.Present present) {
            return tree.put("present", present.wanted());
        }
        if (match instanceof ValueMatch.Null) {
            return tree.put("nothing", true);
        }
        if (match instanceof ValueMatch.OneOf list) {
            return tree.put("has-item", write(new Tree(), list.item()));
        }
        return tree.list("any-of", ((ValueMatch.Any) match).matchers(), one -> write(new Tree(), one));
    }

    /** What others are to read, as it stands. */
    public static Metadata struct(Section section, String key) {
        if (section.has(key) && section.plain(key) instanceof Map<?, ?> fields) {
            return Metadata.of(fields);
        }
        section.error(key, "a section { ... } is expected");
        return Metadata.NONE;
    }

    /** A list of ranges of addresses, such as {@code 10.0.0.0/8}. */
    public static List<IpRange> ranges(Section section, String key) {
        List<IpRange> found = new ArrayList<>();
        for (String text : section.texts(key)) {
            IpRange.parse(text)
                    .ifPresentOrElse(
                            found::add,
                            () -> section.error(
                                    key,
                                    "'" + text + "' is not an IP address, or one with a number of bits (10.0.0.0/8)"));
        }
        return found;
    }

    public static List<String> write(List<IpRange> ranges) {
        return ranges.stream().map(IpRange::text).toList();
    }
}
