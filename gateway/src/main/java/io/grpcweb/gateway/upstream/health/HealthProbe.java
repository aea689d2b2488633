package io.grpcweb.gateway.upstream.health;

import java.util.function.Consumer;

/** Asks one endpoint how it is, over a connection of its own. Confined to the cluster's loop. */
interface HealthProbe extends AutoCloseable {

    /** {@code done} gets the result, once; never after {@link #abandon()}. */
    void ask(Consumer<HealthState.Result> done);

    /** It took too long: the question and its connection are dropped. */
    void abandon();

    @Override
    void close();
}
