package io.grpcweb.gateway.upstream.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpcweb.gateway.http.UpstreamFailure;
import io.grpcweb.gateway.upstream.Cluster;
import io.grpcweb.gateway.upstream.Fixtures;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which connection a call gets, and when another one is opened: calls and connections in, without a socket. */
class HostPoolTest {
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Cluster cluster =
            new Cluster(Fixtures.cluster(Fixtures.locality("a", 0, 1, Fixtures.endpoint(1, 1))), loops);
    private final List<PooledConnection> asked = new ArrayList<>();
    private final HostPool pool = new HostPool(
            cluster, Fixtures.host(1), loops.next(), (owner, pooled, http2) -> asked.add(pooled), false, null, null);

    @AfterEach
    void stop() {
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    /** Notes whom it serves; has room for one call at a time, as with HTTP/1.1. */
    private static final class OneAtATime implements UpstreamConnection {
        private final List<UpstreamCallback> served = new ArrayList<>();
        private boolean busy;
        private boolean drained;

        @Override
        public boolean hasRoom() {
            return !busy && !drained;
        }

        @Override
        public boolean isShut() {
            return false;
        }

        @Override
        public boolean isSpent() {
            return drained;
        }

        @Override
        public void open(UpstreamCallback callback) {
            busy = true;
            served.add(callback);
        }

        @Override
        public int active() {
            return busy ? 1 : 0;
        }

        @Override
        public long served() {
            return served.size();
        }

        @Override
        public void drain() {
            drained = true;
        }
    }

    /** A call that notes how it failed. */
    private static final class Call implements UpstreamCallback {
        private UpstreamFailure failure;

        @Override
        public void opened(UpstreamStream stream) {}

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
        public void failed(UpstreamFailure why, long resetCode, boolean unprocessed, String reason) {
            failure = why;
        }
    }

    private Call start() {
        Call call = new Call();
        pool.start(call);
        return call;
    }

    @Test
    void aCallWaitsForTheConnectionThatItAskedFor() {
        Call call = start();
        assertThat(asked).hasSize(1);
        assertThat(pool.isIdle()).isFalse();

        OneAtATime connection = new OneAtATime();
        asked.get(0).ready(connection);
        assertThat(connection.served).containsExactly(call);
    }

    @Test
    void aConnectionWithRoomIsUsedAgain() {
        start();
        OneAtATime connection = new OneAtATime();
        asked.get(0).ready(connection);
        connection.busy = false;
        Call second = start();

        assertThat(asked).hasSize(1);
        assertThat(connection.served).hasSize(2).last().isSameAs(second);
    }

    @Test
    void whoFindsNoRoomOpensAnotherAndTakesTheFirstThatIsFree() {
        start();
        OneAtATime first = new OneAtATime();
        asked.get(0).ready(first);
        Call second = start();
        assertThat(asked).hasSize(2);

        // The first one is free before the second one is there.
        first.busy = false;
        asked.get(0).roomMade();
        assertThat(first.served).hasSize(2).last().isSameAs(second);
        OneAtATime late = new OneAtATime();
        asked.get(1).ready(late);
        assertThat(late.served).isEmpty();
        assertThat(pool.hasRoom()).isTrue();
    }

    @Test
    void whereNoConnectionCanBeMadeAllThatWaitFail() {
        Call one = start();
        Call two = start();
        asked.get(0).broken(UpstreamFailure.CONNECTION_TIMEOUT, "nobody answers");

        assertThat(one.failure).isEqualTo(UpstreamFailure.CONNECTION_TIMEOUT);
        assertThat(two.failure).isEqualTo(UpstreamFailure.CONNECTION_TIMEOUT);
        assertThat(pool.stats().upstreamCxConnectTimeout.sum()).isEqualTo(1);
    }

    @Test
    void aCallThatIsNotWantedAnyMoreGetsNone() {
        Call call = start();
        assertThat(pool.cancel(call)).isTrue();
        assertThat(pool.cancel(call)).isFalse();
        OneAtATime connection = new OneAtATime();
        asked.get(0).ready(connection);

        assertThat(connection.served).isEmpty();
        assertThat(pool.isIdle()).isTrue();
    }

    @Test
    void anEndpointThatIsGoneServesWhoWaitsAndNobodyElse() {
        Call call = start();
        pool.remove();
        assertThat(call.failure).isNull();
        OneAtATime connection = new OneAtATime();
        asked.get(asked.size() - 1).ready(connection);

        assertThat(connection.served).containsExactly(call);
        assertThat(connection.drained).isTrue();
    }
}
