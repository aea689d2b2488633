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
     * Puts a listener in force that is new or has changed. Where the address is the same it goes on, and only the connections of
     * filter chains that are gone drain; else the new address is open before the old one closes.
     *
     * @throws IOException says what cannot be used; then nothing has changed
     */
    void put(ListenerConfig config) throws IOException, InterruptedException;

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
