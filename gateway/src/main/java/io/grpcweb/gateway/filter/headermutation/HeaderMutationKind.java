package io.grpcweb.gateway.filter.headermutation;

import io.grpcweb.gateway.config.envoy.Msg;
import io.grpcweb.gateway.config.envoy.Reading;
import io.grpcweb.gateway.config.hocon.DescribedFormat;
import io.grpcweb.gateway.config.hocon.Fields;
import io.grpcweb.gateway.filter.FilterContext;
import io.grpcweb.gateway.filter.FilterKind;
import io.grpcweb.gateway.http.HttpFilterFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The filter {@code header-mutation}. */
public final class HeaderMutationKind
        implements FilterKind<HeaderMutationConfig>, DescribedFormat<HeaderMutationConfig> {
    private static final String PACKAGE = "envoy.extensions.filters.http.header_mutation.v3.";

    @Override
    public Class<HeaderMutationConfig> settings() {
        return HeaderMutationConfig.class;
    }

    @Override
    public String type() {
        return "header-mutation";
    }

    @Override
    public List<String> envoyTypes() {
        return List.of(PACKAGE + "HeaderMutation", PACKAGE + "HeaderMutationPerRoute");
    }

    @Override
    public HeaderMutationConfig usual(String name) {
        return new HeaderMutationConfig(name, List.of(), List.of(), List.of(), List.of(), List.of(), false);
    }

    @Override
    public HeaderMutationConfig fields(Fields own, HeaderMutationConfig given) {
        return new HeaderMutationConfig(
                given.name(),
                OwnMutations.list(own, "request", given.request()),
                OwnMutations.list(own, "request-trailers", given.requestTrailers()),
                OwnMutations.list(own, "response", given.response()),
                OwnMutations.list(own, "response-trailers", given.responseTrailers()),
                OwnMutations.query(own, "query", given.query()),
                own.flag("most-specific-wins", given.mostSpecificWins()));
    }

    @Override
    public HeaderMutationConfig read(String name, Msg typed, Reading envoy) {
        Optional<Msg> mutations = typed.message("mutations");
        return new HeaderMutationConfig(
                name,
                mutations(mutations, "request_mutations", envoy),
                mutations(mutations, "request_trailers_mutations", envoy),
                mutations(mutations, "response_mutations", envoy),
                mutations(mutations, "response_trailers_mutations", envoy),
                query(mutations, envoy),
                typed.flag("most_specific_header_mutations_wins", false));
    }

    private static List<Mutation> mutations(Optional<Msg> owner, String field, Reading envoy) {
        List<Mutation> found = new ArrayList<>();
        owner.ifPresent(all -> all.messages(field).forEach(one -> mutation(one, field.startsWith("request"), envoy)
                .ifPresent(found::add)));
        return found;
    }

    private static List<QueryMutation> query(Optional<Msg> owner, Reading envoy) {
        List<QueryMutation> found = new ArrayList<>();
        owner.ifPresent(all -> all.messages("query_parameter_mutations").forEach(one -> {
            one.filled("remove").ifPresent(name -> found.add(new QueryMutation.Remove(name)));
            one.message("append").ifPresent(append -> append.message("record").ifPresent(pair -> {
                String value = pair.scalar("value");
                envoy.checkOperators(pair, "value", value);
                found.add(new QueryMutation.Set(
                        pair.text("key"), value, envoy.headers().action(append)));
            }));
        }));
        return found;
    }

    private static Optional<Mutation> mutation(Msg one, boolean request, Reading envoy) {
        return switch (one.which("action")) {
            case "append" ->
                one.message("append")
                        .flatMap(option -> envoy.headers().option(option, request))
                        .map(field -> {
                            if (!request && OwnMutations.isFixed(field.name())) {
                                envoy.error(one, "append", "'" + field.name() + "' cannot be added");
                            }
                            return new Mutation.Add(field);
                        });
            case "remove_on_match" ->
                one.message("remove_on_match")
                        .flatMap(match -> match.message("key_matcher"))
                        .flatMap(envoy.matchers()::text)
                        .map(Mutation.RemoveMatching::new);
            case "remove" -> {
                String name = one.text("remove").toLowerCase(Locale.ROOT);
                if (OwnMutations.isFixed(name)) {
                    envoy.error(one, "remove", "'" + name + "' cannot be removed");
                }
                yield Optional.of(new Mutation.Remove(name));
            }
            default -> Optional.empty();
        };
    }

    /** The listener's changes come first, then those of all places. */
    @Override
    public HeaderMutationConfig onRoute(
            HeaderMutationConfig listener, List<HeaderMutationConfig> places, Msg where, Reading envoy) {
        List<HeaderMutationConfig> ordered = new ArrayList<>(places);
        if (listener.mostSpecificWins()) {
            Collections.reverse(ordered);
        }
        return ordered.stream().reduce(listener, HeaderMutationConfig::then);
    }

    @Override
    public HttpFilterFactory make(HeaderMutationConfig config, FilterContext context) {
        return new HeaderMutationFactory(config, context.compiler());
    }
}
