package io.grpcweb.gateway.http;

import io.netty.util.concurrent.EventExecutor;

/**
 * Calls that the gateway makes itself, to one of its clusters: a filter asks a service about a request that waits. They
 * pass the load balancer, the circuit breakers and the connections of the cluster, and are counted as its calls.
 */
public interface SideCalls {

    /**
     * Begins a call.
     *
     * @param loop an event loop of the gateway, which the caller is on, mostly that of an exchange; everything of the call
     *     happens on it
     * @param request its head and its body belong to the call from now on
     * @param observer is told of the outcome once, perhaps before this method returns, and not at all after {@link
     *     SideCall#cancel}
     */
    SideCall call(EventExecutor loop, SideRequest request, SideObserver observer);
}
