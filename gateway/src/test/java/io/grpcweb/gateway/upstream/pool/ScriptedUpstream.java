package io.grpcweb.gateway.upstream.pool;

import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.http.Protocol;
import io.grpcweb.gateway.http.UpstreamFailure;
import io.grpcweb.gateway.http.WireBytes;
import io.grpcweb.gateway.net.FileWatch;
import io.grpcweb.gateway.stats.Stats;
import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Clusters whose connections are a script: a test sees which endpoint is asked, opens the connection or has it fail, and
 * plays the backend of each stream. Everything happens at once, on a loop whose clock the test moves.
 */
public final class ScriptedUpstream implements AutoCloseable {
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final FileWatch files = new FileWatch(Duration.ofHours(1));
    private final Stats stats = new Stats();
    private final List<Connection> asked = new ArrayList<>();
    private final ClusterManager clusters =
            new ClusterManager(channel.eventLoop(), stats, files, (config, tls, ids) -> (pool, pooled, http2) -> {
                asked.add(new Connection(pool.host().hostname(), pooled));
            });

    /** Puts the clusters of a configuration in force. */
    public ScriptedUpstream(GatewayConfig config) throws Exception {
        channel.freezeTime();
        ClusterChange change = clusters.prepare(config.clusters());
        change.warm(() -> {});
        run();
        change.commit(Duration.ofSeconds(5));
        change.finish();
    }

    public ClusterManager clusters() {
        return clusters;
    }

    public Stats stats() {
        return stats;
    }

    /** A channel on the loop that everything runs on. */
    public EmbeddedChannel channel() {
        return channel;
    }

    /** The connections that were asked for, in that order. */
    public List<Connection> asked() {
        return asked;
    }

    /** The last connection that was asked for. */
    public Connection last() {
        return asked.get(asked.size() - 1);
    }

    /** Lets time pass, and what is due then happen. */
    public void pass(Duration time) {
        channel.advanceTimeBy(time.toNanos(), TimeUnit.NANOSECONDS);
        run();
    }

    private void run() {
        channel.runPendingTasks();
        channel.runScheduledPendingTasks();
    }

    @Override
    public void close() {
        clusters.close();
        run();
        files.close();
        channel.finishAndReleaseAll();
    }

    /** A connection to an endpoint, which has room for any number of streams once it is open. */
    public static final class Connection implements UpstreamConnection {
        private final String host;
        private final PooledConnection pooled;
        private final List<Stream> streams = new ArrayList<>();
        private Consumer<Stream> onData = stream -> {};

        private Connection(String host, PooledConnection pooled) {
            this.host = host;
            this.pooled = pooled;
        }

        public String host() {
            return host;
        }

        public Connection opens() {
            pooled.ready(this);
            return this;
        }

        /** Has something done when a part of a request has come. */
        public void onData(Consumer<Stream> then) {
            onData = then;
        }

        /** Nobody answers at that address. */
        public void fails() {
            pooled.broken(UpstreamFailure.CONNECTION_FAILURE, "nobody listens");
        }

        public List<Stream> streams() {
            return streams;
        }

        /** The stream that was opened last. */
        public Stream stream() {
            return streams.get(streams.size() - 1);
        }

        @Override
        public boolean hasRoom() {
            return true;
        }

        @Override
        public boolean isShut() {
            return false;
        }

        @Override
        public boolean isSpent() {
            return false;
        }

        @Override
        public void open(UpstreamCallback callback) {
            Stream stream = new Stream(callback, onData);
            streams.add(stream);
            callback.opened(stream);
        }

        @Override
        public int active() {
            return streams.size();
        }

        @Override
        public long served() {
            return streams.size();
        }

        @Override
        public void drain() {}
    }

    /** One stream: what the backend got of the request, and what it answers. */
    public static final class Stream implements UpstreamStream {
        private final UpstreamCallback callback;
        private final Consumer<Stream> onData;
        private final List<String> got = new ArrayList<>();
        private Http2Headers head;

        private Stream(UpstreamCallback callback, Consumer<Stream> onData) {
            this.onData = onData;
            this.callback = callback;
        }

        /** What arrived, in order: {@code head}, {@code data TEXT}, {@code trailers}, {@code reset CODE}, {@code stop}, {@code go on}. */
        public List<String> got() {
            return got;
        }

        public Http2Headers requestHead() {
            return head;
        }

        public void answers(Http2Headers fields, boolean end) {
            callback.head(fields, end);
        }

        public void answers(ByteBuf data, boolean end) {
            callback.data(data, end);
        }

        public void ends(Http2Headers trailers) {
            callback.trailers(trailers);
        }

        public void resets(UpstreamFailure failure, Http2Error code) {
            // RFC 9113, section 8.7: it was not processed.
            callback.failed(failure, code.code(), code == Http2Error.REFUSED_STREAM, null);
        }

        public void takesMore(boolean more) {
            callback.requestWritable(more);
        }

        @Override
        public void count(WireBytes bytes) {}

        @Override
        public void head(Http2Headers fields, boolean end) {
            head = fields;
            got.add("head" + (end ? " end" : ""));
        }

        @Override
        public void data(ByteBuf data, boolean end) {
            got.add("data " + data.toString(StandardCharsets.US_ASCII) + (end ? " end" : ""));
            data.release();
            onData.accept(this);
        }

        @Override
        public void trailers(Http2Headers fields) {
            got.add("trailers");
        }

        @Override
        public void reset(Http2Error code) {
            got.add("reset " + code);
        }

        @Override
        public void responseWritable(boolean writable) {
            got.add(writable ? "go on" : "stop");
        }

        @Override
        public SocketAddress localAddress() {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
        }

        @Override
        public UpstreamFacts facts() {
            return new UpstreamFacts(1, null, null);
        }

        @Override
        public boolean changesProtocol() {
            return false;
        }

        @Override
        public Protocol protocol() {
            return Protocol.HTTP_2;
        }
    }
}
