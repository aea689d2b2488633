package io.grpcweb.gateway;

import io.grpcweb.gateway.config.GatewayConfig;

/** A running gateway. */
final class Gateway {
    static Gateway start(GatewayConfig config, int concurrency) throws Exception {
        return new Gateway();
    }

    void awaitEnd() throws InterruptedException {}
}
