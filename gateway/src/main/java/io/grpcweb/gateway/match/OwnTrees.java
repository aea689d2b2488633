package io.grpcweb.gateway.match;

import io.grpcweb.gateway.config.hocon.Section;
import io.grpcweb.gateway.config.hocon.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Lists of conditions with what is to be done in the gateway's own format: {@code [{ when { ... }, ... }]} under one key, and
 * {@code otherwise} beside it.
 *
 * @param key of the list, also of a list within a list
 * @param responses whether it is asked about responses, else about requests
 * @param read reads what is to be done from a section
 * @param write adds it to one
 * @param <A> what is to be done
 */
public record OwnTrees<A>(String key, boolean responses, Function<Section, A> read, BiFunction<Tree, A, Tree> write) {

    /** The list of a section. */
    public MatchTree<A> tree(Section owner) {
        List<MatchTree.Branch<A>> branches = new ArrayList<>();
        for (Section one : owner.sections(key)) {
            Optional<Condition> when = one.section("when").map(this::condition);
            if (when.isEmpty()) {
                one.error("", "'when' is required");
            }
            branches.add(new MatchTree.Branch<>(when.orElse(new Condition.Anything()), then(one)));
        }
        return new MatchTree<>(branches, owner.section("otherwise").map(this::then));
    }

    private Condition condition(Section when) {
        return responses ? OwnConditions.ofResponse(when) : OwnConditions.one(when);
    }

    private MatchTree.Then<A> then(Section one) {
        return one.has(key) ? new MatchTree.Then.Ask<>(tree(one)) : new MatchTree.Then.Act<>(read.apply(one));
    }

    /** Writes what {@link #tree} reads. */
    public Tree write(MatchTree<A> tree, Tree owner) {
        owner.put(
                key,
                tree.branches().stream()
                        .map(branch -> write(branch.then(), new Tree().put("when", OwnConditions.write(branch.when()))))
                        .toList());
        tree.otherwise().ifPresent(then -> owner.put("otherwise", write(then, new Tree())));
        return owner;
    }

    private Tree write(MatchTree.Then<A> then, Tree one) {
        return then instanceof MatchTree.Then.Act<A> act
                ? write.apply(one, act.action())
                : write(((MatchTree.Then.Ask<A>) then).tree(), one);
    }
}
