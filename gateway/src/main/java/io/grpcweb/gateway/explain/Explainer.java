package io.grpcweb.gateway.explain;

import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.ListenerConfig;
import io.grpcweb.gateway.route.RouteTable;
import java.io.PrintStream;
import java.util.List;

/** Says what a call would meet, in every listener that it may come to. */
public final class Explainer {
    private final List<ListenerConfig> listeners;
    private final List<ClusterConfig> clusters;
    private final Places places;
    private final FilterTrial trial;

    public Explainer(List<ListenerConfig> listeners, List<ClusterConfig> clusters, Places places, FilterTrial trial) {
        this.trial = trial;
        this.listeners = List.copyOf(listeners);
        this.clusters = List.copyOf(clusters);
        this.places = places;
    }

    /**
     * Prints it.
     *
     * @return whether there is such a listener
     * @throws IllegalArgumentException names a header that is none
     */
    public boolean explain(CallQuestion question, PrintStream out) {
        boolean shown = false;
        for (ListenerConfig one : listeners) {
            if (question.listener().map(one.name()::equals).orElse(true)) {
                explain(one, question, out);
                shown = true;
            }
        }
        if (!shown) {
            out.println(question.listener()
                    .map(name -> "There is no listener '" + name + "'.")
                    .orElse("There is no listener."));
        }
        return shown;
    }

    private void explain(ListenerConfig one, CallQuestion question, PrintStream out) {
        String authority = question.host().orElse(one.address().toString());
        for (ListenerConfig.FilterChain chain : one.httpChains()) {
            out.println("listener " + one.name() + " at " + one.address()
                    + (chain.tls().isPresent() ? ", TLS" : "")
                    + (chain.serverNames().isEmpty() ? "" : " for " + String.join(", ", chain.serverNames())));
            if (!places.listener(one).isEmpty()) {
                out.println("  " + places.listener(one));
            }
            RouteTable.Result result =
                    RouteTable.onPaper(chain.http().routes()).match(question.head(authority), () -> 0.0);
            new Explanation(clusters, chain.http(), places, places.routes(one, chain), question.origin(), out)
                    .print(
                            authority,
                            result,
                            result.route() == null
                                    ? List.of()
                                    : trial.run(one, chain, question.head(authority), question.from()));
        }
    }
}
