package io.grpcweb.gateway.config.hocon;

import com.google.re2j.Pattern;
import io.grpcweb.gateway.config.RouteConfig;
import io.grpcweb.gateway.config.RouteConfig.HeaderMatch;
import io.grpcweb.gateway.config.RouteConfig.PathMatch;
import io.grpcweb.gateway.config.RouteConfig.QueryMatch;
import io.grpcweb.gateway.config.RouteConfig.Range;
import io.grpcweb.gateway.config.RouteConfig.RegexRewrite;
import io.grpcweb.gateway.config.StringMatch;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Matchers of texts, header fields, query parameters and paths in the gateway's own format. */
public final class MatchFormat {
    /** Every path. */
    static final RouteConfig.Match EVERYTHING =
            new RouteConfig.Match(new PathMatch.Prefix("/", false), List.of(), List.of(), false, 1);

    private static final String REFLECTION = "reflection";

    private static final Brief<StringMatch> EXACTLY =
            Brief.of((owner, key, text) -> Optional.of(new StringMatch.Exact(text, false)), MatchFormat::exactly);

    private static final StringMatch NO_TEXT = new StringMatch.Exact("", false);
    static final HeaderMatch NO_HEADER = new HeaderMatch("", Optional.empty(), Optional.empty(), false, false);
    private static final QueryMatch NO_PARAMETER = new QueryMatch("", Optional.empty(), false);
    private static final Written NO_REWRITE = new Written(Optional.empty(), "");

    private MatchFormat() {}

    /** One of exact, prefix, suffix, contains and regex; absent where there is none of them. */
    public static Optional<StringMatch> text(Fields own, Optional<StringMatch> given) {
        boolean ignoreCase =
                own.flag("ignore-case", given.map(StringMatch::ignoreCase).orElse(false), false);
        return new Either<>(own, given)
                .text(
                        "exact",
                        StringMatch.Exact.class,
                        StringMatch.Exact::text,
                        text -> new StringMatch.Exact(text, ignoreCase))
                .text(
                        "prefix",
                        StringMatch.Prefix.class,
                        StringMatch.Prefix::text,
                        text -> new StringMatch.Prefix(text, ignoreCase))
                .text(
                        "suffix",
                        StringMatch.Suffix.class,
                        StringMatch.Suffix::text,
                        text -> new StringMatch.Suffix(text, ignoreCase))
                .text(
                        "contains",
                        StringMatch.Contains.class,
                        StringMatch.Contains::text,
                        text -> new StringMatch.Contains(text, ignoreCase))
                .pattern("regex", StringMatch.Regex.class, StringMatch.Regex::pattern, StringMatch.Regex::new)
                .get();
    }

    /** One of them, in a section that is written. */
    public static Tree write(Tree tree, StringMatch match) {
        text(tree, Optional.of(match));
        return tree;
    }

    /** One of them. */
    public static StringMatch required(Fields own, StringMatch given) {
        return text(own, Optional.of(given)).orElseGet(() -> {
            own.error("", "one of exact, prefix, suffix, contains and regex is expected");
            return given;
        });
    }

    /** A list of matchers; a text alone is an exact one. */
    public static List<StringMatch> texts(Fields own, String key, List<StringMatch> given) {
        return own.sections(key, given, NO_TEXT, MatchFormat::required, EXACTLY);
    }

    /** The same, without any where none is written. */
    public static List<StringMatch> texts(Section own, String key) {
        return texts(own, key, List.of());
    }

    /** A plain exact matcher is written as its text. */
    public static Object writeShort(StringMatch match) {
        return exactly(match).<Object>map(text -> text).orElseGet(() -> new Tree()
                .add(match, NO_TEXT, MatchFormat::required));
    }

    /** The text, where that says all of a matcher. */
    static Optional<String> exactly(StringMatch match) {
        return match instanceof StringMatch.Exact exact && !exact.ignoreCase()
                ? Optional.of(exact.text())
                : Optional.empty();
    }

    /** Conditions on header fields. */
    public static List<HeaderMatch> headers(Fields own, String key, List<HeaderMatch> given) {
        return own.sections(key, given, NO_HEADER, MatchFormat::header);
    }

    public static Tree write(HeaderMatch match) {
        return new Tree().add(match, NO_HEADER, MatchFormat::header);
    }

    /** A condition on a header field. */
    public static HeaderMatch header(Section own) {
        return header(own, NO_HEADER);
    }

    static HeaderMatch header(Fields own, HeaderMatch given) {
        return new HeaderMatch(
                name(own, given.name()).toLowerCase(Locale.ROOT),
                text(own, given.value()),
                range(own, given.range()),
                own.flag("invert", given.invert()),
                own.flag("missing-as-empty", given.missingAsEmpty()));
    }

    private static Optional<Range> range(Fields own, Optional<Range> given) {
        Optional<Long> from = own.signed("from", given.map(Range::from));
        Optional<Long> to = own.signed("to", given.map(Range::to));
        return from.isEmpty() && to.isEmpty()
                ? Optional.empty()
                : Optional.of(new Range(from.orElse(0L), to.orElse(Long.MAX_VALUE)));
    }

    /** A name that must be written. */
    static String name(Fields own, String given) {
        String name = own.text("name", given);
        if (name.isEmpty()) {
            own.error("", "'name' is required");
        }
        return name;
    }

    /** What requests a route, or a rule of a filter, takes. */
    public static RouteConfig.Match match(Fields route, RouteConfig.Match given) {
        return new RouteConfig.Match(
                path(route, given.path()),
                headers(route, "match-headers", given.headers()),
                query(route, "match-query", given.query()),
                route.flag("grpc", given.grpc()),
                route.share("share", given.fraction()));
    }

    /** What requests a route takes, which may be those of the services that its backend has. */
    static RouteConfig.Match ofRoute(Fields route, RouteConfig.Match given) {
        Either<PathMatch> services = new Either<>(route, Optional.of(given.path()))
                .text("services", PathMatch.Reflected.class, any -> REFLECTION, text -> services(route, text));
        Optional<PathMatch> reflected = services.get();
        if (reflected.isEmpty()) {
            return match(route, given);
        }
        for (String other : List.of("prefix", "path", "path-prefix", "regex")) {
            if (route.has(other)) {
                route.error(other, "the services of the backend say which paths the route takes");
            }
        }
        RouteConfig.Match rest = match(
                route,
                new RouteConfig.Match(
                        EVERYTHING.path(), given.headers(), given.query(), given.grpc(), given.fraction()));
        return new RouteConfig.Match(reflected.get(), rest.headers(), rest.query(), rest.grpc(), rest.fraction());
    }

    private static PathMatch.Reflected services(Fields route, String text) {
        if (!text.equals(REFLECTION)) {
            route.error("services", "'" + REFLECTION + "' is expected, not '" + text + "'");
        }
        return new PathMatch.Reflected();
    }

    /** Conditions on query parameters. */
    static List<QueryMatch> query(Fields own, String key, List<QueryMatch> given) {
        return own.sections(key, given, NO_PARAMETER, MatchFormat::parameter);
    }

    private static QueryMatch parameter(Fields own, QueryMatch given) {
        return new QueryMatch(name(own, given.name()), text(own, given.value()), own.flag("absent", given.absent()));
    }

    private static PathMatch path(Fields route, PathMatch given) {
        boolean ignoreCase = route.flag("ignore-case", given.ignoreCase());
        return new Either<>(route, Optional.of(given))
                .text(
                        "prefix",
                        PathMatch.Prefix.class,
                        PathMatch.Prefix::prefix,
                        text -> new PathMatch.Prefix(text, ignoreCase))
                .text(
                        "path",
                        PathMatch.Exact.class,
                        PathMatch.Exact::path,
                        text -> new PathMatch.Exact(text, ignoreCase))
                .text(
                        "path-prefix",
                        PathMatch.SeparatedPrefix.class,
                        PathMatch.SeparatedPrefix::prefix,
                        text -> new PathMatch.SeparatedPrefix(text, ignoreCase))
                .pattern("regex", PathMatch.Regex.class, PathMatch.Regex::pattern, PathMatch.Regex::new)
                .get()
                .orElse(new PathMatch.Prefix("/", ignoreCase));
    }

    /** A regular expression that may be absent. */
    public static Optional<Pattern> pattern(Fields own, String key, Optional<Pattern> given) {
        return own.text(key, given.map(Pattern::pattern)).flatMap(text -> Either.compiled(own, key, text));
    }

    /** A rewrite without its expression where that is wrong. */
    private record Written(Optional<Pattern> pattern, String substitution) {}

    /** A section with a regular expression and what replaces it. */
    public static Optional<RegexRewrite> rewrite(Fields own, String key, Optional<RegexRewrite> given) {
        return own.section(
                        key,
                        given.map(one -> new Written(Optional.of(one.pattern()), one.substitution())),
                        NO_REWRITE,
                        MatchFormat::rewrite)
                .flatMap(one -> one.pattern().map(pattern -> new RegexRewrite(pattern, one.substitution())));
    }

    private static Written rewrite(Fields own, Written given) {
        if (!own.has("pattern")) {
            own.error("", "'pattern' is required");
        }
        return new Written(
                own.text("pattern", given.pattern().map(Pattern::pattern))
                        .flatMap(text -> Either.compiled(own, "pattern", text)),
                own.text("substitution", given.substitution()));
    }
}
