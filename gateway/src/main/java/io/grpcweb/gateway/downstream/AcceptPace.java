package io.grpcweb.gateway.downstream;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Accepts no faster than the event loops take over: what comes faster waits in the system's queue, where it costs neither
 * descriptor nor memory, and the loops have time for the connections they have.
 */
final class AcceptPace extends ChannelInboundHandlerAdapter {
    private static final long LOOK_MILLIS = 1000;

    private final int most;
    private final Set<Channel> waiting = ConcurrentHashMap.newKeySet();
    private volatile Channel resting;
    private volatile boolean stopped;
    private boolean looks;

    /** @param most how many accepted connections may wait for their event loop; each has a descriptor already */
    AcceptPace(int most) {
        this.most = most;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object accepted) {
        waiting.add((Channel) accepted);
        if (stopped) {
            ctx.channel().config().setAutoRead(false);
        } else if (waiting.size() >= most) {
            resting = ctx.channel();
            ctx.channel().config().setAutoRead(false);
            resumeIfFew();
            if (resting != null && !looks) {
                looks = true;
                ctx.channel().eventLoop().schedule(this::look, LOOK_MILLIS, TimeUnit.MILLISECONDS);
            }
        }
        ctx.fireChannelRead(accepted);
    }

    /** No connection is accepted from now on, or they are again; what waits in the system's queue goes on waiting. */
    void stop(Channel listener, boolean stop) {
        listener.eventLoop().execute(() -> {
            stopped = stop;
            if (stop || resting == null) {
                listener.config().setAutoRead(!stop);
            }
        });
    }

    /** An event loop has taken a connection over; any of them. */
    void taken(Channel accepted) {
        waiting.remove(accepted);
        resumeIfFew();
    }

    /** How many connections are accepted and not taken over; any thread. */
    int waiting() {
        return waiting.size();
    }

    /** Those that no event loop could take are closed. */
    private void look() {
        looks = false;
        waiting.removeIf(accepted -> !accepted.isOpen());
        resumeIfFew();
    }

    private void resumeIfFew() {
        Channel listener = resting;
        if (listener != null && waiting.size() <= most / 2) {
            resting = null;
            listener.eventLoop().execute(() -> listener.config().setAutoRead(!stopped));
        }
    }
}
