package io.grpcweb.gateway.downstream;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.AbstractEventExecutorGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Event loops of which the one with the fewest clients takes the next one. Clients that stay are spread evenly; those that come
 * one after the other have the same loop, and so the same connections to backends.
 */
public final class FewestConnections extends AbstractEventExecutorGroup implements EventLoopGroup {
    private final EventLoopGroup loops;
    private final Map<EventLoop, AtomicInteger> open = new LinkedHashMap<>();

    /** @param loops is ended by whoever has made it */
    public FewestConnections(EventLoopGroup loops) {
        this.loops = loops;
        for (EventExecutor loop : loops) {
            open.put((EventLoop) loop, new AtomicInteger());
        }
    }

    @Override
    public EventLoop next() {
        EventLoop found = null;
        int fewest = Integer.MAX_VALUE;
        for (Map.Entry<EventLoop, AtomicInteger> one : open.entrySet()) {
            int count = one.getValue().get();
            if (count < fewest) {
                fewest = count;
                found = one.getKey();
            }
        }
        return found;
    }

    @Override
    public ChannelFuture register(Channel client) {
        EventLoop loop = next();
        AtomicInteger count = open.get(loop);
        count.incrementAndGet();
        client.closeFuture().addListener(closed -> count.decrementAndGet());
        return loop.register(client);
    }

    @Override
    public ChannelFuture register(ChannelPromise promise) {
        return loops.register(promise);
    }

    @Deprecated
    @Override
    public ChannelFuture register(Channel client, ChannelPromise promise) {
        return loops.register(client, promise);
    }

    @Override
    public Iterator<EventExecutor> iterator() {
        return loops.iterator();
    }

    @Override
    public boolean isShuttingDown() {
        return loops.isShuttingDown();
    }

    @Override
    public Future<?> shutdownGracefully(long quietPeriod, long timeout, TimeUnit unit) {
        return loops.shutdownGracefully(quietPeriod, timeout, unit);
    }

    @Override
    public Future<?> terminationFuture() {
        return loops.terminationFuture();
    }

    @Deprecated
    @Override
    public void shutdown() {
        loops.shutdown();
    }

    @Override
    public boolean isShutdown() {
        return loops.isShutdown();
    }

    @Override
    public boolean isTerminated() {
        return loops.isTerminated();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return loops.awaitTermination(timeout, unit);
    }
}
