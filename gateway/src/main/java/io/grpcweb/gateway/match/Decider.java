package io.grpcweb.gateway.match;

import io.grpcweb.gateway.http.StreamInfo;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.List;
import java.util.function.Predicate;

/**
 * A {@link MatchTree} that is ready to be asked. Where a condition cannot be told, what follows from it is done if that is the
 * cautious thing to do, and else the next condition is asked.
 *
 * @param <A> what is to be done
 */
public final class Decider<A> {
    private final Predicate<A> cautious;
    private final Node<A> root;

    /** A list with its conditions prepared; each step is an action or another list. */
    private record Node<A>(List<Check> checks, List<Step<A>> steps, Step<A> otherwise) {}

    private record Step<A>(A action, Node<A> node) {}

    /**
     * Prepares a tree.
     *
     * @param cautious whether an action is the one to take where it is not known whether its condition holds
     */
    public Decider(MatchTree<A> tree, Predicate<A> cautious) {
        this.cautious = cautious;
        this.root = node(tree);
    }

    private static <A> Node<A> node(MatchTree<A> tree) {
        return new Node<>(
                tree.branches().stream().map(branch -> Check.of(branch.when())).toList(),
                tree.branches().stream().map(branch -> step(branch.then())).toList(),
                tree.otherwise().map(Decider::step).orElse(null));
    }

    private static <A> Step<A> step(MatchTree.Then<A> then) {
        return then instanceof MatchTree.Then.Act<A> act
                ? new Step<>(act.action(), null)
                : new Step<>(null, node(((MatchTree.Then.Ask<A>) then).tree()));
    }

    /** What is to be done; null where nothing is found. */
    public A find(StreamInfo info, Http2Headers head) {
        return find(root, info, head);
    }

    private A find(Node<A> node, StreamInfo info, Http2Headers head) {
        for (int i = 0; i < node.checks.size(); i++) {
            Truth truth = node.checks.get(i).holds(info, head);
            if (truth == Truth.NO) {
                continue;
            }
            A found = take(node.steps.get(i), info, head);
            if (found != null && (truth == Truth.YES || cautious.test(found))) {
                return found;
            }
        }
        return node.otherwise == null ? null : take(node.otherwise, info, head);
    }

    private A take(Step<A> step, StreamInfo info, Http2Headers head) {
        return step.node == null ? step.action : find(step.node, info, head);
    }
}
