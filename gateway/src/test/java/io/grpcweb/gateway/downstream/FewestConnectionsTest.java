package io.grpcweb.gateway.downstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalIoHandler;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which event loop a client is given. */
class FewestConnectionsTest {
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(3, LocalIoHandler.newFactory());
    private final FewestConnections clients = new FewestConnections(loops);

    @AfterEach
    void stop() {
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    private Channel client() {
        Channel client = new LocalChannel();
        clients.register(client).syncUninterruptibly();
        return client;
    }

    @Test
    void clientsThatStayAreSpreadEvenly() {
        List<EventLoop> taken =
                Stream.generate(this::client).limit(6).map(Channel::eventLoop).toList();

        assertThat(taken.subList(0, 3)).doesNotHaveDuplicates();
        assertThat(taken.subList(3, 6)).doesNotHaveDuplicates();
    }

    @Test
    void theNextClientTakesThePlaceOfOneThatIsGone() {
        client();
        Channel second = client();
        client();

        second.close().syncUninterruptibly();

        await().until(() -> clients.next() == second.eventLoop());
        assertThat(client().eventLoop()).isSameAs(second.eventLoop());
    }
}
