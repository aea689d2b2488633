package io.grpcweb.gateway;

import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.config.hocon.FilterFormats;
import io.grpcweb.gateway.config.hocon.GatewayConf;
import io.grpcweb.gateway.config.hocon.ProgrammaticConf;
import io.grpcweb.gateway.filter.FilterKind;
import io.grpcweb.gateway.runtime.FilterKinds;
import io.grpcweb.gateway.runtime.Gateway;
import io.grpcweb.gateway.runtime.Host;
import io.grpcweb.gateway.telemetry.AccessLogSink;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.local.LocalAddress;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A gRPC-Web gateway inside another program. It has a configuration of its own ({@link Builder#configuration}), or one that is
 * put together from clusters and routes; event loops and a meter registry may be those of the program. It installs no signal
 * handler and no shutdown hook, configures no logging, and asks for no garbage collection.
 *
 * <pre>{@code
 * try (GatewayServer gateway = GatewayServer.builder()
 *         .listen("127.0.0.1:8080")
 *         .allowOrigins("https://app.example")
 *         .cluster("orders", "127.0.0.1:50051")
 *         .route("/order.OrderService/", "orders")
 *         .build()) {
 *     gateway.start();
 *     ...
 * }
 * }</pre>
 */
public final class GatewayServer implements AutoCloseable {
    private final GatewayConfig first;
    private final Host host;
    private volatile Gateway gateway;

    private GatewayServer(GatewayConfig first, Host host) {
        this.first = first;
        this.host = host;
    }

    public static Builder builder() {
        return new Builder();
    }

    /**
     * Opens the listeners, after each cluster has resolved its names and checked its endpoints once.
     *
     * @throws IOException names what cannot be read or listened on, all of it at once
     * @throws IllegalStateException if it was started before
     */
    public synchronized void start() throws IOException, InterruptedException {
        if (gateway != null) {
            throw new IllegalStateException("the gateway was started before");
        }
        gateway = Gateway.start(first, host);
    }

    /**
     * Puts another configuration in force, all of it or nothing; what is equal in both is not touched.
     *
     * @param text in the gateway's own format
     * @return what of it takes a restart, and is not in force
     * @throws ConfigException names all mistakes with their lines; then nothing has changed
     * @throws IOException names what cannot be read or listened on; then nothing has changed
     */
    public synchronized List<String> apply(String text) throws ConfigException, IOException, InterruptedException {
        return started()
                .apply(GatewayConf.parse(text, "configuration", host.kinds().ownFormats()));
    }

    /** The same from a file. */
    public synchronized List<String> apply(Path file) throws ConfigException, IOException, InterruptedException {
        return started().apply(GatewayConf.read(file, host.kinds().ownFormats()));
    }

    /** Where it listens, in the order of the configuration; with the port that the system chose for port 0. */
    public synchronized List<SocketAddress> addresses() {
        return started().addresses();
    }

    /**
     * Ends it without losing calls: the listeners close, connections get GOAWAY or {@code connection: close}, and calls under
     * way finish. Returns when all have, or when the time is over; then the rest ends with status 14.
     */
    public void drain(Duration limit) throws InterruptedException {
        started().drain(limit);
    }

    /** Ends it at once. */
    @Override
    public synchronized void close() {
        if (gateway != null) {
            gateway.stop();
        }
    }

    private Gateway started() {
        if (gateway == null) {
            throw new IllegalStateException("the gateway was not started");
        }
        return gateway;
    }

    /** Says what a gateway is to be. */
    public static final class Builder {
        private final ProgrammaticConf conf = new ProgrammaticConf();
        private Path file;
        private String text;
        private EventLoopGroup eventLoops;
        private int concurrency = Runtime.getRuntime().availableProcessors();
        private MeterRegistry registry;
        private AccessLogSink accessLog;
        private FilterKinds kinds = FilterKinds.ALL;

        private Builder() {}

        /** The whole configuration, as a file in the gateway's own format. */
        public Builder configuration(Path path) {
            file = path;
            return this;
        }

        /** The whole configuration, as a text in the gateway's own format. */
        public Builder configuration(String hocon) {
            text = hocon;
            return this;
        }

        /** {@code HOST:PORT}; port 0 lets the system choose ({@code 127.0.0.1:8080} unless set). */
        public Builder listen(String address) {
            conf.listen(address);
            return this;
        }

        /** The origins of pages that may call; {@code *} lets all. */
        public Builder allowOrigins(String... origins) {
            conf.allowOrigins(List.of(origins));
            return this;
        }

        /** A group of gRPC servers, {@code HOST:PORT} each. */
        public Builder cluster(String name, String... endpoints) {
            conf.cluster(name, List.of(endpoints));
            return this;
        }

        /** A gRPC server in this process ({@code LocalServerChannel}): no socket, and no event loop but those of both sides. */
        public Builder cluster(String name, LocalAddress server) {
            conf.cluster(name, List.of("local:" + server.id()));
            return this;
        }

        /** Calls whose path begins so go to that cluster; the first route that fits wins. */
        public Builder route(String prefix, String cluster) {
            conf.route(prefix, cluster);
            return this;
        }

        /** How many event loops of its own serve (one a processor unless set). */
        public Builder concurrency(int loops) {
            concurrency = loops;
            return this;
        }

        /** Event loops that serve, instead of its own: epoll where its library loads, else NIO. They are not closed. */
        public Builder eventLoops(EventLoopGroup loops) {
            eventLoops = loops;
            return this;
        }

        /** Where its own metrics are registered, instead of a Prometheus registry of its own. It is not closed. */
        public Builder meterRegistry(MeterRegistry meters) {
            registry = meters;
            return this;
        }

        /** Gets an entry for each request that has ended, on its event loop; beside the access logs of the configuration. */
        public Builder accessLog(AccessLogSink sink) {
            accessLog = sink;
            return this;
        }

        /** One more kind of filter, which the configuration may use: one class for its kind, one for its work. */
        public Builder filter(FilterKind<?> kind) {
            kinds = kinds.with(kind);
            return this;
        }

        /**
         * A gateway that is not started yet.
         *
         * @throws ConfigException names all mistakes of the configuration
         * @throws IllegalStateException if there is a configuration as well as clusters or routes
         */
        public GatewayServer build() throws ConfigException {
            int ways = (file == null ? 0 : 1) + (text == null ? 0 : 1) + (conf.isEmpty() ? 0 : 1);
            if (ways != 1) {
                throw new IllegalStateException("one of a file, a text, and clusters with routes is the configuration; "
                        + ways + " were given");
            }
            FilterFormats formats = kinds.ownFormats();
            GatewayConfig config = file != null
                    ? GatewayConf.read(file, formats)
                    : GatewayConf.parse(text != null ? text : conf.text(), "configuration", formats);
            return new GatewayServer(config, new Host(concurrency, eventLoops, registry, accessLog, kinds, false));
        }
    }
}
