package io.grpcweb.gateway.filter.jwtauthn;

import io.netty.util.concurrent.EventExecutor;
import java.util.function.Consumer;

/** Where the keys of a provider come from; used from all event loops. */
interface KeySource {

    /** Keys that are ready to be used; null where they have to be waited for. */
    KeySet now(EventExecutor loop);

    /** The last keys that were ready, however long ago; null where there never were any. */
    KeySet last();

    /**
     * Asks for keys.
     *
     * @param loop the event loop of the caller
     * @param told is called once on it, perhaps before this method returns, with null where there are no keys
     * @return forgets {@code told}
     */
    Runnable await(EventExecutor loop, Consumer<KeySet> told);

    /** Keys that stand in the configuration. */
    static KeySource of(KeySet keys) {
        return new KeySource() {
            @Override
            public KeySet now(EventExecutor loop) {
                return keys;
            }

            @Override
            public KeySet last() {
                return keys;
            }

            @Override
            public Runnable await(EventExecutor loop, Consumer<KeySet> told) {
                told.accept(keys);
                return () -> {};
            }
        };
    }
}
