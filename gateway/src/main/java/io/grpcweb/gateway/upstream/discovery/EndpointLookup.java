package io.grpcweb.gateway.upstream.discovery;

import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;

/** Asks DNS for the endpoints that one entry of a configuration stands for. Confined to its loop. */
interface EndpointLookup extends AutoCloseable {
    /** What was found, at least one endpoint, and for how long it holds; zero where nobody has said. */
    record Answer(List<Discovery.Found> found, Duration ttl) {
        public Answer {
            found = List.copyOf(found);
        }
    }

    /** {@code done} gets a response, or null and the reason. */
    void resolve(BiConsumer<Answer, Throwable> done);

    @Override
    void close();
}
