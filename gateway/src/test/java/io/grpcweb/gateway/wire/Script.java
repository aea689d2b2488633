package io.grpcweb.gateway.wire;

/** What a backend does with a call, on a thread of its own. */
@FunctionalInterface
interface Script {
    void run(BackendCall call) throws Exception;
}
