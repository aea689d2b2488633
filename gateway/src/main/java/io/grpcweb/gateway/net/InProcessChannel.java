package io.grpcweb.gateway.net;

import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.local.LocalChannel;
import io.netty.util.concurrent.SingleThreadEventExecutor;

/**
 * A connection to a server in this process, on whatever event loop its user has. Netty lets a {@link LocalChannel} live on
 * event loops with a {@code LocalIoHandler} alone, which those of sockets have not. But that handler does nothing for a channel
 * except to close it when the loop ends, since data comes as a task of the loop. This channel asks the loop itself for that, so
 * that no other event loop takes part in a call.
 */
public final class InProcessChannel extends LocalChannel {
    private final Runnable loopEnds = this::loopEnds;

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return loop instanceof SingleThreadEventExecutor;
    }

    @Override
    protected void doRegister(ChannelPromise promise) {
        ((SingleThreadEventExecutor) eventLoop()).addShutdownHook(loopEnds);
        promise.setSuccess();
    }

    @Override
    protected void doDeregister() {
        ((SingleThreadEventExecutor) eventLoop()).removeShutdownHook(loopEnds);
    }

    private void loopEnds() {
        unsafe().close(unsafe().voidPromise());
    }
}
