package io.grpcweb.gateway.runtime;

import io.grpcweb.gateway.admin.ServerInfo;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.stats.Stat;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;

/** A gateway inside of a test, with one event loop unless asked for more. */
public final class RunningGateway implements AutoCloseable {
    private final Gateway gateway;

    private RunningGateway(Gateway gateway) {
        this.gateway = gateway;
    }

    public static RunningGateway of(GatewayConfig config) {
        return of(config, 1);
    }

    public static RunningGateway of(GatewayConfig config, int concurrency) {
        return of(config, concurrency, FilterKinds.ALL);
    }

    /** With the kinds of filters with which the configuration was read. */
    public static RunningGateway of(GatewayConfig config, int concurrency, FilterKinds kinds) {
        try {
            return new RunningGateway(Gateway.start(config, new Host(concurrency, null, null, null, kinds, true)));
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** The same, with what the admin pages say of how it was started. */
    public static RunningGateway of(GatewayConfig config, ServerInfo info) {
        try {
            return new RunningGateway(Gateway.start(config, info));
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Of the first listener. */
    public int port() {
        return ((InetSocketAddress) gateway.addresses().get(0)).getPort();
    }

    /** Of the listener at that place. */
    public int port(int place) {
        return ((InetSocketAddress) gateway.addresses().get(place)).getPort();
    }

    /** Puts another configuration in force; what takes a restart is returned. */
    public List<String> apply(GatewayConfig next) throws IOException {
        try {
            return gateway.apply(next);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Of its admin listener. */
    public int adminPort() {
        return gateway.adminAddress().getPort();
    }

    /** As SIGTERM. */
    public void shutDown() {
        gateway.shutDown();
    }

    /** The number of this dotted name; -1 where there is none. */
    public long stat(String name) {
        Stat stat = gateway.stats().byName().get(name);
        return stat == null ? -1 : stat.value().getAsLong();
    }

    /** How many numbers there are. */
    public int series() {
        return gateway.stats().byName().size();
    }

    @Override
    public void close() {
        gateway.stop();
    }
}
