package io.grpcweb.gateway.upstream.host;

/** Chooses the endpoint of a call. One object per cluster and event loop: it holds state and takes no lock. */
public interface LoadBalancer {

    /** An endpoint, or null where there is none (the call fails with "no healthy upstream"). */
    Host choose(PickContext context);
}
