package io.grpcweb.gateway.match;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A list of conditions with what is to be done, the first that holds counts: Envoy's {@code xds.type.matcher.v3.Matcher}.
 *
 * @param otherwise what is to be done where none holds; absent: nothing is found
 * @param <A> what is to be done
 */
public record MatchTree<A>(List<Branch<A>> branches, Optional<Then<A>> otherwise) {
    public MatchTree {
        branches = List.copyOf(branches);
    }

    /** All that may be found, in the order of the lists. */
    public List<A> actions() {
        List<A> found = new ArrayList<>();
        branches.forEach(branch -> branch.then().collect(found));
        otherwise.ifPresent(then -> then.collect(found));
        return found;
    }

    /** The same conditions with other actions. */
    public <B> MatchTree<B> map(Function<A, B> other) {
        return new MatchTree<>(
                branches.stream()
                        .map(branch -> new Branch<>(branch.when(), branch.then().map(other)))
                        .toList(),
                otherwise.map(then -> then.map(other)));
    }

    /** A condition with what follows from it. */
    public record Branch<A>(Condition when, Then<A> then) {}

    /** What follows. */
    public sealed interface Then<A> {
        /** This is to be done. */
        record Act<A>(A action) implements Then<A> {
            @Override
            public void collect(List<A> found) {
                found.add(action);
            }

            @Override
            public <B> Then<B> map(Function<A, B> other) {
                return new Act<>(other.apply(action));
            }
        }

        /** Another list decides; where that finds nothing, the next branch is asked. */
        record Ask<A>(MatchTree<A> tree) implements Then<A> {
            @Override
            public void collect(List<A> found) {
                found.addAll(tree.actions());
            }

            @Override
            public <B> Then<B> map(Function<A, B> other) {
                return new Ask<>(tree.map(other));
            }
        }

        /** Adds what may be found. */
        void collect(List<A> found);

        /** The same with other actions. */
        <B> Then<B> map(Function<A, B> other);
    }
}
