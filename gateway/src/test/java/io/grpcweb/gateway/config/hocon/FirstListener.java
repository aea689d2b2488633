package io.grpcweb.gateway.config.hocon;

import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.config.HttpConfig;
import io.grpcweb.gateway.config.RouteConfig;

/** What tests look at most in a configuration. */
public final class FirstListener {
    private FirstListener() {}

    /** Of its first filter chain. */
    public static HttpConfig http(GatewayConfig config) {
        return config.listeners().get(0).chains().get(0).http();
    }

    /** The first one of it. */
    public static RouteConfig.VirtualHost virtualHost(GatewayConfig config) {
        return http(config).routes().virtualHosts().get(0);
    }

    /** The first one of that. */
    public static RouteConfig.Route route(GatewayConfig config) {
        return virtualHost(config).routes().get(0);
    }
}
