package io.grpcweb.gateway.console;

import io.grpcweb.gateway.filter.recorder.RecordedCall;
import io.grpcweb.gateway.http.SideCalls;
import io.grpcweb.gateway.http.SideStreams;
import io.grpcweb.gateway.schema.ProtoSchema;
import io.netty.util.concurrent.EventExecutor;
import java.util.List;

/** What the console may show and call of a gateway; any thread. */
public interface Backends {

    /** In the order of the configuration. */
    List<Reachable> clusters();

    /** Where browsers call, as {@code http://ip:port}. */
    List<String> listeners();

    /** The descriptors that the configuration names, each set once. */
    List<ProtoSchema> described();

    /** The calls that were recorded, the latest first; none where nothing records any more. */
    List<RecordedCall> recorded();

    /** Whether a filter of the configuration records calls. */
    boolean records();

    /** An event loop of the gateway, for the calls of one page. */
    EventExecutor loop();

    /** Asks backends for their descriptors. */
    SideCalls questions();

    /** Calls their methods. */
    SideStreams calls();

    /**
     * A cluster.
     *
     * @param endpoints as {@code ip:port}, or paths of socket files
     * @param tls whether its connections are encrypted
     */
    record Reachable(String name, List<String> endpoints, boolean tls) {
        public Reachable {
            endpoints = List.copyOf(endpoints);
        }
    }
}
