package io.grpcweb.gateway.config.envoy;

import com.google.re2j.Pattern;
import io.grpcweb.gateway.config.IpRange;
import io.grpcweb.gateway.config.MetadataMatch;
import io.grpcweb.gateway.config.RouteConfig;
import io.grpcweb.gateway.config.StringMatch;
import io.grpcweb.gateway.config.ValueMatch;
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

    /** An {@code envoy.type.matcher.v3.MetadataMatcher}; empty where it is broken, which is reported. */
    public Optional<MetadataMatch> metadata(Msg matcher) {
        return matcher.message("value")
                .flatMap(this::value)
                .map(value -> new MetadataMatch(metadataPath(matcher), value, matcher.flag("invert", false)));
    }

    /** The namespace and the keys of a message with the fields {@code filter} and {@code path}. */
    public List<String> metadataPath(Msg place) {
        List<String> path = new ArrayList<>(List.of(place.text("filter")));
        place.messages("path").forEach(segment -> path.add(segment.text("key")));
        return path;
    }

    /** An {@code envoy.type.matcher.v3.ValueMatcher}; empty where it is broken, which is reported. */
    public Optional<ValueMatch> value(Msg matcher) {
        return switch (matcher.which("match_pattern")) {
            case "null_match" -> Optional.of(new ValueMatch.Null());
            case "present_match" -> Optional.of(new ValueMatch.Present(matcher.flag("present_match", false)));
            case "bool_match" -> Optional.of(new ValueMatch.Flag(matcher.flag("bool_match", false)));
            case "string_match" ->
                matcher.message("string_match").flatMap(this::text).map(ValueMatch.Text::new);
            case "double_match" -> matcher.message("double_match").map(Matchers::number);
            case "list_match" ->
                matcher.message("list_match")
                        .flatMap(list -> list.message("one_of"))
                        .flatMap(this::value)
                        .map(ValueMatch.OneOf::new);
            case "or_match" ->
                matcher.message("or_match")
                        .map(any -> new ValueMatch.Any(any.messages("value_matchers").stream()
                                .flatMap(one -> value(one).stream())
                                .toList()));
            default -> Optional.empty();
        };
    }

    private static ValueMatch number(Msg matcher) {
        return matcher.message("range")
                .<ValueMatch>map(range -> new ValueMatch.Between(range.decimal("start", 0), range.decimal("end", 0)))
                .orElseGet(() -> new ValueMatch.Exactly(matcher.decimal("exact", 0)));
    }

    /** A list of {@code envoy.config.core.v3.CidrRange}, those of a field. */
    public List<IpRange> ranges(Msg owner, String field) {
        List<IpRange> found = new ArrayList<>();
        owner.messages(field).forEach(range -> range(range).ifPresent(found::add));
        return found;
    }

    /** An {@code envoy.config.core.v3.CidrRange}; empty where it is broken, which is reported. */
    public Optional<IpRange> range(Msg range) {
        String address = range.text("address_prefix");
        Optional<IpRange> found = IpRange.of(address, range.integer("prefix_len", 0));
        if (found.isEmpty()) {
            reading.error(range, "address_prefix", "'" + address + "' is not an IP address");
        }
        return found;
    }

    List<RouteConfig.QueryMatch> query(List<Msg> matchers) {
        List<RouteConfig.QueryMatch> found = new ArrayList<>();
        for (Msg matcher : matchers) {
            found.add(new RouteConfig.QueryMatch(
                    matcher.text("name"),
                    matcher.message("string_match").flatMap(this::text),
                    matcher.has("present_match") && !matcher.flag("present_match", true)));
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
    public Optional<RouteConfig.RegexRewrite> rewrite(Msg rewrite) {
        return rewrite.message("pattern")
                .flatMap(reading::pattern)
                .map(pattern -> new RouteConfig.RegexRewrite(pattern, rewrite.text("substitution")));
    }
}
