package io.grpcweb.gateway.match;

import io.grpcweb.gateway.config.IpRange;
import io.grpcweb.gateway.config.MetadataMatch;
import io.grpcweb.gateway.config.StringMatch;
import io.grpcweb.gateway.config.envoy.Msg;
import io.grpcweb.gateway.config.envoy.Reading;
import io.grpcweb.gateway.match.Condition.Side;
import io.grpcweb.gateway.match.Condition.Subject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads {@code xds.type.matcher.v3.Matcher}. A map of prefixes becomes a list, the longest first, which is how Envoy asks
 * it; what is broken is reported and left out.
 *
 * @param <A> what is to be done
 */
public final class EnvoyTrees<A> {
    private static final String NETWORK = "envoy.extensions.matching.common_inputs.network.v3.";
    private static final String TLS = "envoy.extensions.matching.common_inputs.ssl.v3.";

    private final Reading envoy;
    private final boolean responses;
    private final Function<Msg, Optional<A>> action;

    /**
     * A reader.
     *
     * @param responses whether it is asked about responses, else about requests
     * @param action reads the message of an action; empty where it is none, which it reports
     */
    public EnvoyTrees(Reading envoy, boolean responses, Function<Msg, Optional<A>> action) {
        this.envoy = envoy;
        this.responses = responses;
        this.action = action;
    }

    /** The list of a matcher. */
    public MatchTree<A> tree(Msg matcher) {
        List<MatchTree.Branch<A>> branches = new ArrayList<>();
        matcher.message("matcher_list")
                .ifPresent(list -> list.messages("matchers").forEach(one -> branch(
                                one.message("predicate").flatMap(this::predicate),
                                one.message("on_match").flatMap(this::then))
                        .ifPresent(branches::add)));
        matcher.message("matcher_tree").ifPresent(tree -> branches.addAll(entries(tree)));
        return new MatchTree<>(branches, matcher.message("on_no_match").flatMap(this::then));
    }

    private Optional<MatchTree.Branch<A>> branch(Optional<Condition> when, Optional<MatchTree.Then<A>> then) {
        return when.flatMap(condition -> then.map(what -> new MatchTree.Branch<>(condition, what)));
    }

    private Optional<MatchTree.Then<A>> then(Msg match) {
        return match.which("on_match").equals("matcher")
                ? match.message("matcher").map(inner -> new MatchTree.Then.Ask<>(tree(inner)))
                : match.message("action")
                        .flatMap(extension -> extension.message("typed_config"))
                        .flatMap(action)
                        .map(MatchTree.Then.Act::new);
    }

    private List<MatchTree.Branch<A>> entries(Msg tree) {
        if (tree.which("tree_type").equals("custom_match")) {
            return ranges(tree);
        }
        List<MatchTree.Branch<A>> branches = new ArrayList<>();
        boolean prefixes = tree.which("tree_type").equals("prefix_match_map");
        Map<String, Msg> entries = tree.message(prefixes ? "prefix_match_map" : "exact_match_map")
                .map(map -> map.map("map"))
                .orElse(Map.of());
        entries.keySet().stream()
                .sorted(Comparator.comparing(String::length).reversed().thenComparing(Comparator.naturalOrder()))
                .forEach(key -> {
                    StringMatch match =
                            prefixes ? new StringMatch.Prefix(key, false) : new StringMatch.Exact(key, false);
                    branch(tree.message("input").flatMap(input -> text(input, match)), then(entries.get(key)))
                            .ifPresent(branches::add);
                });
        return branches;
    }

    /** The narrowest range is asked first. */
    private List<MatchTree.Branch<A>> ranges(Msg tree) {
        Optional<Side> side = tree.message("input")
                .flatMap(input -> input.message("typed_config"))
                .flatMap(EnvoyTrees::side);
        Optional<Msg> matcher = tree.message("custom_match")
                .flatMap(extension -> extension.message("typed_config"))
                .filter(typed -> typed.type().equals("xds.type.matcher.v3.IPMatcher"));
        if (side.isEmpty() || matcher.isEmpty()) {
            envoy.error(tree, "custom_match", "an address and an xds.type.matcher.v3.IPMatcher are needed");
            return List.of();
        }
        Map<IpRange, MatchTree.Branch<A>> found = new LinkedHashMap<>();
        for (Msg one : matcher.get().messages("range_matchers")) {
            Optional<MatchTree.Then<A>> then = one.message("on_match").flatMap(this::then);
            for (IpRange range : envoy.matchers().ranges(one, "ranges")) {
                branch(Optional.of(new Condition.Address(side.get(), List.of(range))), then)
                        .ifPresent(branch -> found.putIfAbsent(range, branch));
            }
        }
        return found.entrySet().stream()
                .sorted(Comparator.comparingInt((Map.Entry<IpRange, MatchTree.Branch<A>> entry) ->
                        -entry.getKey().bits()))
                .map(Map.Entry::getValue)
                .toList();
    }

    private Optional<Condition> predicate(Msg predicate) {
        return switch (predicate.which("match_type")) {
            case "single_predicate" -> predicate.message("single_predicate").flatMap(this::single);
            case "or_matcher" -> predicate.message("or_matcher").map(list -> new Condition.AnyOf(all(list)));
            case "and_matcher" -> predicate.message("and_matcher").map(list -> new Condition.All(all(list)));
            case "not_matcher" ->
                predicate.message("not_matcher").flatMap(this::predicate).map(Condition.Not::new);
            default -> Optional.empty();
        };
    }

    private List<Condition> all(Msg list) {
        return EnvoyConditions.all(list.messages("predicate"), this::predicate);
    }

    private Optional<Condition> single(Msg single) {
        Optional<Msg> input = single.message("input");
        if (input.isEmpty()) {
            return Optional.empty();
        }
        if (single.which("matcher").equals("value_match")) {
            return single.message("value_match")
                    .flatMap(envoy.matchers()::text)
                    .flatMap(match -> text(input.get(), match));
        }
        return single.message("custom_match")
                .flatMap(extension -> extension.message("typed_config"))
                .flatMap(custom -> custom(input.get(), custom));
    }

    /** A text of the request that is compared. */
    private Optional<Condition> text(Msg input, StringMatch match) {
        Optional<Msg> typed = input.message("typed_config");
        if (typed.isEmpty()) {
            return Optional.empty();
        }
        Optional<Side> side = side(typed.get());
        if (side.isPresent()) {
            return Optional.of(address(side.get(), match));
        }
        if (typed.get().type().equals(NETWORK + "DestinationPortInput")) {
            return exactPort(input, match);
        }
        Optional<Subject> subject = subject(typed.get()).filter(of -> responses || !of.ofResponse());
        if (subject.isEmpty()) {
            envoy.error(input, "typed_config", typed.get().type() + " cannot be compared with a text here");
        }
        return subject.map(of -> new Condition.Text(of, match));
    }

    /** An address that is compared with a whole one is the same in every spelling. */
    private static Condition address(Side side, StringMatch match) {
        Optional<IpRange> whole =
                match instanceof StringMatch.Exact exact ? IpRange.parse(exact.text()) : Optional.empty();
        return whole.<Condition>map(range -> new Condition.Address(side, List.of(range)))
                .orElseGet(() -> new Condition.Text(new Subject.AddressText(side), match));
    }

    private Optional<Condition> exactPort(Msg input, StringMatch match) {
        if (match instanceof StringMatch.Exact exact && exact.text().matches("\\d{1,5}")) {
            int port = Integer.parseInt(exact.text());
            return Optional.of(new Condition.Port(port, port + 1));
        }
        envoy.error(input, "", "not supported by this gateway: a port that is compared with anything but a number");
        return Optional.empty();
    }

    private static Optional<Side> side(Msg input) {
        return switch (input.type()) {
            case NETWORK + "SourceIPInput" -> Optional.of(Side.CLIENT);
            case NETWORK + "DirectSourceIPInput" -> Optional.of(Side.PEER);
            case NETWORK + "DestinationIPInput" -> Optional.of(Side.LISTENER);
            default -> Optional.empty();
        };
    }

    private static Optional<Subject> subject(Msg input) {
        return switch (input.type()) {
            case "envoy.type.matcher.v3.HttpRequestHeaderMatchInput" ->
                Optional.of(new Subject.Field(input.text("header_name").toLowerCase(Locale.ROOT)));
            case NETWORK + "ServerNameInput" -> Optional.of(new Subject.ServerName());
            case NETWORK + "FilterStateInput" -> Optional.of(new Subject.State(input.text("key")));
            case TLS + "UriSanInput" -> Optional.of(new Subject.Names(Condition.ClientName.Kind.URI));
            case TLS + "DnsSanInput" -> Optional.of(new Subject.Names(Condition.ClientName.Kind.DNS));
            case TLS + "SubjectInput" -> Optional.of(new Subject.Names(Condition.ClientName.Kind.SUBJECT));
            case "envoy.type.matcher.v3.HttpResponseStatusCodeMatchInput" -> Optional.of(new Subject.Status());
            case "envoy.type.matcher.v3.HttpResponseStatusCodeClassMatchInput" ->
                Optional.of(new Subject.StatusClass());
            case "envoy.type.matcher.v3.HttpResponseHeaderMatchInput" ->
                Optional.of(new Subject.ResponseField(input.text("header_name").toLowerCase(Locale.ROOT)));
            case "envoy.type.matcher.v3.HttpResponseLocalReplyMatchInput" -> Optional.of(new Subject.LocalReply());
            default -> Optional.empty();
        };
    }

    /** What is compared by a matcher of its own. */
    private Optional<Condition> custom(Msg input, Msg matcher) {
        Optional<Msg> typed = input.message("typed_config");
        boolean ip = matcher.type().endsWith(".Ip");
        Optional<Condition> found = Optional.empty();
        if (ip) {
            found = typed.flatMap(EnvoyTrees::side)
                    .map(side -> new Condition.Address(side, envoy.matchers().ranges(matcher, "cidr_ranges")));
        } else if (typed.filter(one -> one.type().equals(NETWORK + "DynamicMetadataInput"))
                .isPresent()) {
            found = matcher.message("value")
                    .flatMap(envoy.matchers()::value)
                    .map(value -> new Condition.Metadata(new MetadataMatch(
                            envoy.matchers().metadataPath(typed.get()), value, matcher.flag("invert", false))));
        }
        if (found.isEmpty()) {
            envoy.error(input, "typed_config", (ip ? "an address" : "metadata") + " is needed for " + matcher.type());
        }
        return found;
    }
}
