package io.grpcweb.gateway.console;

import io.grpcweb.gateway.filter.reflection.SchemaFetch;
import io.grpcweb.gateway.schema.BadDescriptors;
import io.grpcweb.gateway.schema.ProtoSchema;
import io.netty.util.concurrent.EventExecutor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * What a page knows of the services of clusters: what their backends tell by reflection, or else the descriptors that the configuration
 * names. On the thread of the page.
 */
final class Schemas {
    private static final int MOST_QUESTIONS = 4;

    private final Backends backends;
    private final EventExecutor page;
    private final EventExecutor loop;
    private final Map<String, Api> known = new HashMap<>();
    private int questions;

    /**
     * What came of a question.
     *
     * @param source {@code reflection} or {@code descriptors}
     * @param why there is none by reflection; empty where there is
     */
    record Found(Api api, String source, String why) {}

    Schemas(Backends backends, EventExecutor page, EventExecutor loop) {
        this.backends = backends;
        this.page = page;
        this.loop = loop;
    }

    /** What was found last. */
    Api of(String cluster) throws Refusal {
        Api found = known.get(cluster);
        if (found == null) {
            throw new Refusal("the services of the cluster " + cluster + " are not loaded");
        }
        return found;
    }

    /** Hands over what is known of a cluster, or is found now; null where nothing is. */
    void with(String cluster, Consumer<Api> user) {
        Api before = known.get(cluster);
        if (before != null) {
            user.accept(before);
            return;
        }
        try {
            find(cluster, found -> user.accept(found.api()), none -> user.accept(null));
        } catch (Refusal e) {
            user.accept(null);
        }
    }

    /** Asks anew; one of the two is told later. */
    void find(String cluster, Consumer<Found> found, Consumer<Refusal> none) throws Refusal {
        if (backends.clusters().stream().noneMatch(one -> one.name().equals(cluster))) {
            throw new Refusal("there is no cluster " + cluster);
        }
        if (questions == MOST_QUESTIONS) {
            throw new Refusal(MOST_QUESTIONS + " clusters are being asked already: wait for one of them");
        }
        questions++;
        SchemaFetch.Outcome outcome = new SchemaFetch.Outcome() {
            @Override
            public void fetched(ProtoSchema schema) {
                tell(() -> found.accept(keep(cluster, schema, "reflection", "")));
            }

            @Override
            public void failed(String reason) {
                tell(() -> {
                    try {
                        found.accept(keep(cluster, configured(cluster, reason), "descriptors", reason));
                    } catch (Refusal e) {
                        none.accept(e);
                    }
                });
            }
        };
        loop.execute(() -> new SchemaFetch(cluster, backends.questions(), loop, outcome).start());
    }

    private void tell(Runnable news) {
        try {
            page.execute(() -> {
                questions--;
                news.run();
            });
        } catch (RejectedExecutionException e) {
            // The admin listener has closed, and nobody waits.
            return;
        }
    }

    private Found keep(String cluster, ProtoSchema schema, String source, String why) {
        Api before = known.get(cluster);
        Api api = before != null && before.schema().equals(schema) ? before : new Api(schema);
        known.put(cluster, api);
        return new Found(api, source, why);
    }

    private ProtoSchema configured(String cluster, String reason) throws Refusal {
        List<ProtoSchema> sets = backends.described();
        if (sets.isEmpty()) {
            throw new Refusal("the cluster " + cluster + " does not tell its services by reflection (" + reason
                    + "), and the configuration names no descriptors");
        }
        try {
            return ProtoSchema.of(sets);
        } catch (BadDescriptors e) {
            throw new Refusal("the descriptors of the configuration contradict each other: " + e.getMessage());
        }
    }
}
