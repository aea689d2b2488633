package io.grpcweb.gateway.downstream;

import java.util.List;

/** A step of a listener from some filter chains to others: put in force with {@link #commit}, or given up. */
public final class ListenerChange {
    private final ListenerPipeline pipeline;
    private final ChainTable next;
    private final List<Chain> fresh;
    private final List<Chain> gone;

    ListenerChange(ListenerPipeline pipeline, ChainTable next, List<Chain> fresh, List<Chain> gone) {
        this.pipeline = pipeline;
        this.next = next;
        this.fresh = fresh;
        this.gone = gone;
    }

    /** Puts it in force for connections and requests that come from now on. */
    public void commit() {
        pipeline.put(next);
    }

    /** The chains that are in force no longer, whose connections are to drain. */
    public List<RetiredChain> gone() {
        return gone.stream().map(RetiredChain::new).toList();
    }

    /** Gives it up; the old chains stay. */
    public void abandon() {
        fresh.forEach(Chain::release);
        pipeline.abandon(next);
    }
}
