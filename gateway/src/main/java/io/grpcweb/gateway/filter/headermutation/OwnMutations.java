package io.grpcweb.gateway.filter.headermutation;

import io.grpcweb.gateway.config.hocon.HeaderFormat;
import io.grpcweb.gateway.config.hocon.MatchFormat;
import io.grpcweb.gateway.config.hocon.Section;
import io.grpcweb.gateway.config.hocon.Tree;
import io.grpcweb.gateway.format.Substitutions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Lists of changes in the gateway's own format: {@code [{ add = "name: value" }, { remove = name }]}. */
final class OwnMutations {
    private OwnMutations() {}

    static List<Mutation> read(Section own, String key) {
        List<Mutation> found = new ArrayList<>();
        for (Section one : own.sections(key)) {
            List<Mutation> written = Stream.of(
                            adds(one),
                            one.texts("remove").stream()
                                    .map(name -> new Mutation.Remove(name.toLowerCase(Locale.ROOT))),
                            MatchFormat.texts(one, "remove-matching").stream().map(Mutation.RemoveMatching::new))
                    .<Mutation>flatMap(kind -> kind)
                    .toList();
            if (Stream.of("add", "remove", "remove-matching").filter(one::has).count() != 1) {
                one.error("", "one of add, remove and remove-matching is expected");
            }
            written.forEach(mutation -> problem(mutation, one));
            found.addAll(written);
        }
        return found;
    }

    private static Stream<Mutation.Add> adds(Section one) {
        return HeaderFormat.adds(one, "add").stream()
                .peek(field -> Substitutions.problem(field.value()).ifPresent(text -> one.error("add", text)))
                .map(Mutation.Add::new);
    }

    private static void problem(Mutation mutation, Section one) {
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

    static Tree write(Mutation mutation) {
        if (mutation instanceof Mutation.Add add) {
            return new Tree().put("add", HeaderFormat.write(add.field()));
        }
        if (mutation instanceof Mutation.Remove remove) {
            return new Tree().put("remove", remove.name());
        }
        return new Tree().put("remove-matching", MatchFormat.writeShort(((Mutation.RemoveMatching) mutation).names()));
    }
}
