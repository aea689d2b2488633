package io.grpcweb.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.http.UpstreamFailure;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StreamNumbersTest {
    /** Takes what is opened, and sends nothing. */
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

    @Test
    void aConnectionIsSpentBeforeItsStreamNumbersRunOut() throws Exception {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        ClusterConfig config = Fixtures.cluster(Fixtures.locality("a", 0, 1, Fixtures.endpoint(1, 1)));
        Cluster cluster = new Cluster(config, group);
        HostPool pool = new HostPool(cluster, Fixtures.host(1), group.next(), null, true, null, null);
        Http2ClientConnection connection = new Http2ClientConnectionBuilder(config, new PooledConnection(pool)).build();
        EmbeddedChannel channel = new EmbeddedChannel(connection);
        try {
            // As if all the streams before the last two had been.
            connection.connection().local().createStream((1 << 30) - 5, false).close();
            Taker taker = new Taker(new ArrayList<>());

            connection.open(taker);
            assertThat(connection.isSpent()).isFalse();

            connection.open(taker);
            assertThat(connection.isSpent()).isTrue();
            assertThat(taker.opened).hasSize(2);
        } finally {
            channel.finishAndReleaseAll();
            cluster.close();
            group.shutdownGracefully();
        }
    }
}
