package io.grpcweb.gateway.config.envoy;

import com.google.re2j.Pattern;
import io.grpcweb.gateway.config.RouteConfig;
import io.grpcweb.gateway.config.StringMatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Matchers of texts, header fields, query parameters and paths. */
public final class Matchers {
    private final Reading reading;

    Matchers(Reading reading) {
        this.reading = reading;
    }

    /** An {@code envoy.type.matcher.v3.StringMatcher}; empty where it is broken, which is reported. */
    public Optional<StringMatch> text(Msg matcher) {
        boolean ignoreCase = matcher.flag("ignore_case", false);
        return switch (matcher.which("match_pattern")) {
            case "exact" -> Optional.of(new StringMatch.Exact(matcher.text("exact"), ignoreCase));
            case "prefix" -> Optional.of(new StringMatch.Prefix(matcher.text("prefix"), ignoreCase));
            case "suffix" -> Optional.of(new StringMatch.Suffix(matcher.text("suffix"), ignoreCase));
            case "contains" -> Optional.of(new StringMatch.Contains(matcher.text("contains"), ignoreCase));
            case "safe_regex" ->
                matcher.message("safe_regex").flatMap(reading::pattern).map(StringMatch.Regex::new);
            default -> Optional.empty();
        };
    }

    /** A list of them. */
    public List<StringMatch> texts(List<Msg> matchers) {
        List<StringMatch> found = new ArrayList<>();
        matchers.forEach(matcher -> text(matcher).ifPresent(found::add));
        return found;
    }

    /** A list of {@code envoy.config.route.v3.HeaderMatcher}. */
    public List<RouteConfig.HeaderMatch> headers(List<Msg> matchers) {
        return matchers.stream().map(this::header).toList();
    }

    /** An {@code envoy.config.route.v3.HeaderMatcher}. */
    public RouteConfig.HeaderMatch header(Msg matcher) {
        String name = matcher.text("name").toLowerCase(Locale.ROOT);
        boolean invert = matcher.flag("invert_match", false);
        boolean missingAsEmpty = matcher.flag("treat_missing_header_as_empty", false);
        Optional<RouteConfig.Range> range = matcher.message("range_match")
                .map(limits -> new RouteConfig.Range(limits.number("start", 0), limits.number("end", 0)));
        Optional<StringMatch> value =
                switch (matcher.which("header_match_specifier")) {
                    case "exact_match" -> Optional.of(new StringMatch.Exact(matcher.text("exact_match"), false));
                    case "prefix_match" -> Optional.of(new StringMatch.Prefix(matcher.text("prefix_match"), false));
                    case "suffix_match" -> Optional.of(new StringMatch.Suffix(matcher.text("suffix_match"), false));
                    case "contains_match" ->
                        Optional.of(new StringMatch.Contains(matcher.text("contains_match"), false));
                    case "safe_regex_match" ->
                        matcher.message("safe_regex_match")
                                .flatMap(reading::pattern)
                                .map(StringMatch.Regex::new);
                    case "string_match" -> matcher.message("string_match").flatMap(this::text);
                    default -> Optional.empty();
                };
        if (matcher.which("header_match_specifier").equals("present_match")) {
            invert ^= !matcher.flag("present_match", true);
        }
        return new RouteConfig.HeaderMatch(name, value, range, invert, missingAsEmpty);
    }

    List<RouteConfig.QueryMatch> query(List<Msg> matchers) {
        List<RouteConfig.QueryMatch> found = new ArrayList<>();
        for (Msg matcher : matchers) {
            if (matcher.has("present_match") && !matcher.flag("present_match", true)) {
                reading.error(
                        matcher, "present_match", "not supported by this gateway: a parameter that must be absent");
            }
            found.add(new RouteConfig.QueryMatch(
                    matcher.text("name"), matcher.message("string_match").flatMap(this::text)));
        }
        return found;
    }

    /** An {@code envoy.config.route.v3.RouteMatch}. */
    public RouteConfig.Match request(Msg match) {
        return new RouteConfig.Match(
                path(match),
                headers(match.messages("headers")),
                query(match.messages("query_parameters")),
                match.has("grpc"),
                Reading.share(match, "runtime_fraction", 1));
    }

    /** The path of an {@code envoy.config.route.v3.RouteMatch}. */
    RouteConfig.PathMatch path(Msg match) {
        boolean ignoreCase = !match.flag("case_sensitive", true);
        return switch (match.which("path_specifier")) {
            case "path" -> new RouteConfig.PathMatch.Exact(match.text("path"), ignoreCase);
            case "path_separated_prefix" -> separated(match, ignoreCase);
            case "safe_regex" ->
                new RouteConfig.PathMatch.Regex(
                        match.message("safe_regex").flatMap(reading::pattern).orElse(Pattern.compile("")));
            default -> new RouteConfig.PathMatch.Prefix(match.text("prefix"), ignoreCase);
        };
    }

    private RouteConfig.PathMatch separated(Msg match, boolean ignoreCase) {
        String prefix = match.text("path_separated_prefix");
        if (!prefix.startsWith("/") || prefix.endsWith("/") || prefix.indexOf('?') >= 0 || prefix.indexOf('#') >= 0) {
            reading.error(
                    match, "path_separated_prefix", "must begin with a slash, not end with one, and hold no ? or #");
        }
        return new RouteConfig.PathMatch.SeparatedPrefix(prefix, ignoreCase);
    }

    /** An {@code envoy.type.matcher.v3.RegexMatchAndSubstitute}. */
    Optional<RouteConfig.RegexRewrite> rewrite(Msg rewrite) {
        return rewrite.message("pattern")
                .flatMap(reading::pattern)
                .map(pattern -> new RouteConfig.RegexRewrite(pattern, rewrite.text("substitution")));
    }
}
