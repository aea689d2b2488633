package io.grpcweb.gateway.config.hocon;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.grpcweb.gateway.config.Patterns;
import io.grpcweb.gateway.config.RouteConfig;
import io.grpcweb.gateway.config.StringMatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiFunction;

/** Matchers of texts, header fields, query parameters and paths in the gateway's own format. */
public final class MatchFormat {
    private MatchFormat() {}

    static Optional<Pattern> pattern(Section section, String key) {
        return section.text(key).flatMap(text -> {
            try {
                return Optional.of(Patterns.compile(text));
            } catch (PatternSyntaxException e) {
                section.error(key, "not a regular expression in RE2 syntax: " + e.getMessage());
                return Optional.empty();
            }
        });
    }

    /** One of exact, prefix, suffix, contains and regex; absent where there is none of them. */
    public static Optional<StringMatch> text(Section section) {
        boolean ignoreCase = section.flag("ignore-case", false);
        List<StringMatch> found = new ArrayList<>();
        section.text("exact").ifPresent(text -> found.add(new StringMatch.Exact(text, ignoreCase)));
        section.text("prefix").ifPresent(text -> found.add(new StringMatch.Prefix(text, ignoreCase)));
        section.text("suffix").ifPresent(text -> found.add(new StringMatch.Suffix(text, ignoreCase)));
        section.text("contains").ifPresent(text -> found.add(new StringMatch.Contains(text, ignoreCase)));
        pattern(section, "regex").ifPresent(pattern -> found.add(new StringMatch.Regex(pattern)));
        if (found.size() > 1) {
            section.error("", "only one of exact, prefix, suffix, contains and regex may be written");
        }
        return found.stream().findFirst();
    }

    /** A list of matchers; a text alone is an exact one. */
    public static List<StringMatch> texts(Section section, String key) {
        return texts(section, key, (match, one) -> match);
    }

    /** A list of things that hold a matcher; {@code make} gets no section where a text stands alone. */
    static <T> List<T> texts(Section section, String key, BiFunction<StringMatch, Optional<Section>, T> make) {
        List<T> found = new ArrayList<>();
        int index = 0;
        for (ConfigValue item : section.items(key)) {
            String where = section.path(key) + "[" + index++ + "]";
            if (item.valueType() == ConfigValueType.STRING) {
                found.add(make.apply(new StringMatch.Exact((String) item.unwrapped(), false), Optional.empty()));
                continue;
            }
            section.section(item, where).ifPresent(one -> {
                Optional<StringMatch> match = text(one);
                if (match.isEmpty()) {
                    one.error("", "one of exact, prefix, suffix, contains and regex is expected");
                }
                match.ifPresent(is -> found.add(make.apply(is, Optional.of(one))));
            });
        }
        return found;
    }

    /** What {@link #text} reads. */
    public static Tree write(Tree tree, StringMatch match) {
        if (match instanceof StringMatch.Exact exact) {
            return tree.put("exact", exact.text()).put("ignore-case", exact.ignoreCase(), false);
        }
        if (match instanceof StringMatch.Prefix prefix) {
            return tree.put("prefix", prefix.text()).put("ignore-case", prefix.ignoreCase(), false);
        }
        if (match instanceof StringMatch.Suffix suffix) {
            return tree.put("suffix", suffix.text()).put("ignore-case", suffix.ignoreCase(), false);
        }
        if (match instanceof StringMatch.Contains contains) {
            return tree.put("contains", contains.text()).put("ignore-case", contains.ignoreCase(), false);
        }
        return tree.put("regex", ((StringMatch.Regex) match).pattern().pattern());
    }

    /** A plain exact matcher is written as its text. */
    public static Object writeShort(StringMatch match) {
        return match instanceof StringMatch.Exact exact && !exact.ignoreCase()
                ? exact.text()
                : write(new Tree(), match);
    }

    static RouteConfig.HeaderMatch header(Section section) {
        Optional<RouteConfig.Range> range = Optional.empty();
        if (section.has("from") || section.has("to")) {
            range = Optional.of(new RouteConfig.Range(section.signed("from", 0), section.signed("to", Long.MAX_VALUE)));
        }
        return new RouteConfig.HeaderMatch(
                name(section).toLowerCase(Locale.ROOT),
                text(section),
                range,
                section.flag("invert", false),
                section.flag("missing-as-empty", false));
    }

    static String name(Section section) {
        Optional<String> name = section.text("name");
        if (name.isEmpty()) {
            section.error("", "'name' is required");
        }
        return name.orElse("");
    }

    public static Tree write(RouteConfig.HeaderMatch match) {
        Tree tree = new Tree().put("name", match.name());
        match.value().ifPresent(value -> write(tree, value));
        match.range().ifPresent(range -> tree.put("from", range.from()).put("to", range.to()));
        return tree.put("invert", match.invert(), false).put("missing-as-empty", match.missingAsEmpty(), false);
    }

    public static List<RouteConfig.HeaderMatch> headers(Section section, String key) {
        return section.sections(key).stream().map(MatchFormat::header).toList();
    }

    /** What requests a route, or a rule of a filter, takes. */
    public static RouteConfig.Match match(Section route) {
        return new RouteConfig.Match(
                path(route),
                headers(route, "match-headers"),
                route.sections("match-query").stream()
                        .map(query -> new RouteConfig.QueryMatch(name(query), text(query)))
                        .toList(),
                route.flag("grpc", false),
                route.share("share", 1));
    }

    private static RouteConfig.PathMatch path(Section route) {
        boolean ignoreCase = route.flag("ignore-case", false);
        List<RouteConfig.PathMatch> found = new ArrayList<>();
        route.text("prefix").ifPresent(text -> found.add(new RouteConfig.PathMatch.Prefix(text, ignoreCase)));
        route.text("path").ifPresent(text -> found.add(new RouteConfig.PathMatch.Exact(text, ignoreCase)));
        pattern(route, "regex").ifPresent(pattern -> found.add(new RouteConfig.PathMatch.Regex(pattern)));
        route.text("path-prefix")
                .ifPresent(text -> found.add(new RouteConfig.PathMatch.SeparatedPrefix(text, ignoreCase)));
        if (found.size() > 1) {
            route.error("", "only one of prefix, path, path-prefix and regex may be written");
        }
        return found.isEmpty() ? new RouteConfig.PathMatch.Prefix("/", ignoreCase) : found.get(0);
    }

    /** What {@link #match} reads. */
    public static void write(Tree tree, RouteConfig.Match match) {
        if (match.path() instanceof RouteConfig.PathMatch.Prefix prefix) {
            tree.put("prefix", prefix.prefix()).put("ignore-case", prefix.ignoreCase(), false);
        } else if (match.path() instanceof RouteConfig.PathMatch.Exact exact) {
            tree.put("path", exact.path()).put("ignore-case", exact.ignoreCase(), false);
        } else if (match.path() instanceof RouteConfig.PathMatch.SeparatedPrefix prefix) {
            tree.put("path-prefix", prefix.prefix()).put("ignore-case", prefix.ignoreCase(), false);
        } else {
            tree.put(
                    "regex",
                    ((RouteConfig.PathMatch.Regex) match.path()).pattern().pattern());
        }
        tree.list("match-headers", match.headers(), MatchFormat::write);
        tree.list("match-query", match.query(), query -> {
            Tree one = new Tree().put("name", query.name());
            query.value().ifPresent(value -> write(one, value));
            return one;
        });
        tree.put("grpc", match.grpc(), false).put("share", match.fraction(), 1.0);
    }

    static Optional<RouteConfig.RegexRewrite> rewrite(Section section, String key) {
        return section.section(key).flatMap(rewrite -> pattern(rewrite, "pattern")
                .map(pattern -> new RouteConfig.RegexRewrite(pattern, rewrite.text("substitution", ""))));
    }

    static Tree write(RouteConfig.RegexRewrite rewrite) {
        return new Tree().put("pattern", rewrite.pattern().pattern()).put("substitution", rewrite.substitution());
    }
}
