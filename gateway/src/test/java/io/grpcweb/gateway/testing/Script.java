package io.grpcweb.gateway.testing;

/** What a backend does with a call, on a thread of its own. */
@FunctionalInterface
public interface Script {
    void run(BackendCall call) throws Exception;
}
