package io.grpcweb.gateway.dynamic;

import io.grpcweb.gateway.config.Endpoint;
import io.grpcweb.gateway.config.ListenerConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/** Puts single listeners in force while the gateway serves. A listener is its name. */
public interface ListenerSet {

    /**
     * Makes a listener ready that is new or has changed. Nothing is in force yet, and what is in force of it must stay until this is
     * {@linkplain Prepared#put put} in force or abandoned.
     *
     * @param warm runs once, on some thread and perhaps before this returns, when its filters have what they need
     * @throws IOException says what cannot be used; then nothing has changed
     */
    Prepared prepare(ListenerConfig config, Runnable warm) throws IOException;

    /** A listener that is ready. */
    interface Prepared {

        /**
         * Puts it in force. Where the address is the same it goes on, and only the connections of filter chains that are gone
         * drain; else the new address is open before the old one closes.
         *
         * @throws IOException says what cannot be used; then nothing has changed
         */
        void put() throws IOException, InterruptedException;

        /** Gives it up. */
        void abandon();
    }

    /**
     * Looks whether a listener's address can be listened on, without doing so.
     *
     * @throws IOException says why it cannot
     */
    void requireFree(ListenerConfig config) throws IOException;

    /** Puts other routes of a listener in force, for the next requests. */
    void reroute(ListenerConfig config) throws IOException;

    /** Closes a listener; its connections drain. */
    void remove(String name);

    /** The addresses of the listeners that stand in the configuration, by name. */
    Map<String, Endpoint> configured();

    /** How long connections drain. */
    Duration drainTime();

    /** The names of those that are gone and still have connections. */
    Set<String> draining();
}
