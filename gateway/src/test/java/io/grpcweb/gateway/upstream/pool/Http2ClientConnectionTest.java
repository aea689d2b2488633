package io.grpcweb.gateway.upstream.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.http.UpstreamFailure;
import io.grpcweb.gateway.upstream.Cluster;
import io.grpcweb.gateway.upstream.Fixtures;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class Http2ClientConnectionTest {
    private static final Http2Headers HEAD = new DefaultHttp2Headers()
            .method("POST")
            .scheme("http")
            .authority("a")
            .path("/");

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final ClusterConfig config = Fixtures.cluster(Fixtures.locality("a", 0, 1, Fixtures.endpoint(1, 1)));
    private final Cluster cluster = new Cluster(config, group);
    private final Socket socket = new Socket();
    private final Http2ClientConnectionBuilder builder = new Http2ClientConnectionBuilder(
            config,
            new PooledConnection(new HostPool(cluster, Fixtures.host(1), group.next(), null, true, null, null)));
    private final Http2ClientConnection connection = builder.build();
    private final EmbeddedChannel channel =
            new EmbeddedChannel(socket, builder.codec().coalescer(), connection);
    private final Taker taker = new Taker(new ArrayList<>());

    /** Takes what is written; where the backend reads nothing, it does not say that it has. */
    private static final class Socket extends ChannelOutboundHandlerAdapter {
        private final List<ChannelPromise> unread = new ArrayList<>();
        private boolean deaf;

        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            ReferenceCountUtil.release(message);
            if (deaf) {
                unread.add(promise);
            } else {
                promise.setSuccess();
            }
        }

        void read() {
            deaf = false;
            unread.forEach(ChannelPromise::trySuccess);
        }
    }

    /** Takes what is opened. */
    private record Taker(List<UpstreamStream> opened) implements UpstreamCallback {
        @Override
        public void opened(UpstreamStream stream) {
            opened.add(stream);
        }

        @Override
        public void head(Http2Headers head, boolean end) {}

        @Override
        public void data(ByteBuf data, boolean end) {
            data.release();
        }

        @Override
        public void trailers(Http2Headers trailers) {}

        @Override
        public void readComplete() {}

        @Override
        public void requestWritable(boolean writable) {}

        @Override
        public void failed(UpstreamFailure failure, long resetCode, boolean unprocessed, String reason) {}
    }

    @AfterEach
    void end() {
        channel.finishAndReleaseAll();
        cluster.close();
        group.shutdownGracefully();
    }

    @Test
    void aConnectionIsSpentBeforeItsStreamNumbersRunOut() throws Exception {
        // As if all the streams before the last two had been.
        connection.connection().local().createStream((1 << 30) - 5, false).close();

        connection.open(taker);
        assertThat(connection.isSpent()).isFalse();

        connection.open(taker);
        assertThat(connection.isSpent()).isTrue();
        assertThat(taker.opened).hasSize(2);
    }

    private void giveUpACall() {
        connection.open(taker);
        UpstreamStream stream = taker.opened.get(taker.opened.size() - 1);
        stream.head(HEAD, true);
        stream.reset(Http2Error.CANCEL);
        channel.runPendingTasks();
    }

    private void pass(long nanos) {
        channel.advanceTimeBy(nanos, TimeUnit.NANOSECONDS);
        channel.runScheduledPendingTasks();
    }

    @Test
    void aBackendThatDoesNotReadThatCallsWereGivenUpLosesTheConnection() {
        channel.freezeTime();
        socket.deaf = true;
        giveUpACall();
        assertThat(channel.isOpen()).isTrue();

        pass(ResetDeadline.NANOS);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void aBackendThatReadsLateKeepsIt() {
        channel.freezeTime();
        socket.deaf = true;
        giveUpACall();
        pass(ResetDeadline.NANOS / 2);
        socket.read();
        pass(ResetDeadline.NANOS);
        assertThat(channel.isOpen()).isTrue();
        assertThat(connection.isSpent()).isFalse();
    }

    @Test
    void theNextResetHasItsOwnTime() {
        channel.freezeTime();
        giveUpACall();
        pass(ResetDeadline.NANOS / 2);
        socket.deaf = true;
        giveUpACall();
        pass(ResetDeadline.NANOS / 2);
        assertThat(channel.isOpen()).isTrue();

        pass(ResetDeadline.NANOS);
        assertThat(channel.isOpen()).isFalse();
    }
}
