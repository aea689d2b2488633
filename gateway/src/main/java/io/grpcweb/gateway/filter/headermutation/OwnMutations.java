package io.grpcweb.gateway.filter.headermutation;

import io.grpcweb.gateway.config.HeaderRules;
import io.grpcweb.gateway.config.StringMatch;
import io.grpcweb.gateway.config.hocon.Fields;
import io.grpcweb.gateway.config.hocon.HeaderFormat;
import io.grpcweb.gateway.config.hocon.MatchFormat;
import io.grpcweb.gateway.format.Substitutions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** Lists of changes in the gateway's own format: {@code [{ add = "name: value" }, { remove = name }]}. */
final class OwnMutations {
    private OwnMutations() {}

    static List<Mutation> list(Fields own, String key, List<Mutation> given) {
        return own.sections(key, given.stream().map(List::of).toList(), List.of(), OwnMutations::section).stream()
                .flatMap(List::stream)
                .toList();
    }

    /** The changes of one section, which are of one kind. */
    private static List<Mutation> section(Fields one, List<Mutation> given) {
        List<HeaderRules.Add> adds = HeaderFormat.adds(one, "add", of(given, Mutation.Add.class, Mutation.Add::field));
        List<String> removes = one.texts("remove", of(given, Mutation.Remove.class, Mutation.Remove::name));
        List<StringMatch> matchers = MatchFormat.texts(
                one, "remove-matching", of(given, Mutation.RemoveMatching.class, Mutation.RemoveMatching::names));
        if (Stream.of("add", "remove", "remove-matching").filter(one::has).count() != 1) {
            one.error("", "one of add, remove and remove-matching is expected");
        }
        List<Mutation> found = new ArrayList<>();
        for (HeaderRules.Add add : adds) {
            Substitutions.problem(add.value()).ifPresent(text -> one.error("add", text));
            found.add(new Mutation.Add(add));
        }
        removes.forEach(name -> found.add(new Mutation.Remove(name.toLowerCase(Locale.ROOT))));
        matchers.forEach(match -> found.add(new Mutation.RemoveMatching(match)));
        found.forEach(mutation -> problem(mutation, one));
        return found;
    }

    /** Changes of the query: {@code [{ set = v, value = "2" }, { remove = debug }]}. */
    static List<QueryMutation> query(Fields own, String key, List<QueryMutation> given) {
        return own.sections(key, given, new QueryMutation.Remove(""), OwnMutations::parameter);
    }

    private static QueryMutation parameter(Fields one, QueryMutation given) {
        Optional<QueryMutation.Set> set = given instanceof QueryMutation.Set is ? Optional.of(is) : Optional.empty();
        Optional<String> name = one.text("set", set.map(QueryMutation.Set::name));
        String value = one.text("value", set.map(QueryMutation.Set::value).orElse(""), "");
        HeaderRules.Action action = one.choice(
                "action",
                set.map(QueryMutation.Set::action).orElse(HeaderRules.Action.OVERWRITE_OR_ADD),
                HeaderRules.Action.OVERWRITE_OR_ADD);
        Optional<String> removed = one.text(
                "remove",
                given instanceof QueryMutation.Remove is
                        ? Optional.of(is.name()).filter(text -> !text.isEmpty())
                        : Optional.empty());
        if (name.isPresent() == removed.isPresent()) {
            one.error("", "one of set and remove is expected");
        }
        Substitutions.problem(value).ifPresent(text -> one.error("value", text));
        return name.isPresent()
                ? new QueryMutation.Set(name.get(), value, action)
                : new QueryMutation.Remove(removed.orElse(""));
    }

    private static <M extends Mutation, T> List<T> of(List<Mutation> given, Class<M> kind, Function<M, T> what) {
        return given.stream().filter(kind::isInstance).map(kind::cast).map(what).toList();
    }

    private static void problem(Mutation mutation, Fields one) {
        if (mutation instanceof Mutation.Add add && isFixed(add.field().name())) {
            one.error("add", "'" + add.field().name() + "' cannot be added");
        } else if (mutation instanceof Mutation.Remove remove && isFixed(remove.name())) {
            one.error("remove", "'" + remove.name() + "' cannot be removed");
        }
    }

    /** Whether a request or a response cannot be without this field, or have it twice. */
    static boolean isFixed(String name) {
        return name.startsWith(":") || name.equals("host");
    }
}
