package io.grpcweb.gateway.upstream.health;

import io.grpcweb.gateway.net.LoopChannels;
import io.grpcweb.gateway.upstream.host.Host;
import io.grpcweb.gateway.upstream.host.UpstreamTls;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The connection that health checks of one endpoint use: opened when needed, kept for the next check where the
 * configuration says so. Each question ends once, whatever happens to the connection. Confined to the cluster's loop.
 */
final class ProbeConnection {
    private final EventLoop loop;
    private final Host host;
    private final UpstreamTls tls;
    private final boolean reuse;
    private final Supplier<ChannelHandler[]> handlers;
    private Channel channel;
    private boolean established;
    private Consumer<HealthState.Result> waiting;

    /**
     * For one endpoint.
     *
     * @param tls null for cleartext
     * @param handlers makes the handlers that speak the protocol
     */
    ProbeConnection(EventLoop loop, Host host, UpstreamTls tls, boolean reuse, Supplier<ChannelHandler[]> handlers) {
        this.loop = loop;
        this.host = host;
        this.tls = tls;
        this.reuse = reuse;
        this.handlers = handlers;
    }

    /** Begins a question: {@code ready} sends it when there is a connection. */
    void begin(Consumer<HealthState.Result> done, Consumer<Channel> ready) {
        waiting = done;
        if (channel != null && established && channel.isActive()) {
            ready.accept(channel);
            return;
        }
        ChannelFuture connect = new Bootstrap()
                .group(loop)
                .channel(new LoopChannels(loop).to(host.healthAddress()))
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel fresh) {
                        if (tls != null) {
                            fresh.pipeline()
                                    .addLast(tls.handler(
                                            fresh.alloc(), host.healthAddress(), tls.serverName(host, null)));
                        }
                        fresh.pipeline().addLast(handlers.get());
                    }
                })
                .connect(host.healthAddress());
        Channel fresh = connect.channel();
        channel = fresh;
        established = false;
        fresh.closeFuture().addListener(closed -> lost(fresh));
        connect.addListener((ChannelFutureListener) connected -> {
            if (connected.isSuccess()) {
                SslHandler handshake = fresh.pipeline().get(SslHandler.class);
                if (handshake == null) {
                    established(fresh, ready);
                } else {
                    handshake
                            .handshakeFuture()
                            .addListener((Future<Channel> secured) -> secured(fresh, secured, ready));
                }
            } else {
                lost(fresh);
            }
        });
    }

    private void secured(Channel fresh, Future<Channel> handshake, Consumer<Channel> ready) {
        if (!handshake.isSuccess() || tls.problemWith(fresh.pipeline().get(SslHandler.class)) != null) {
            fresh.close();
        } else {
            established(fresh, ready);
        }
    }

    private void established(Channel fresh, Consumer<Channel> ready) {
        if (fresh == channel) {
            established = true;
            ready.accept(fresh);
        }
    }

    private void lost(Channel gone) {
        if (gone == channel) {
            channel = null;
            end(HealthState.Result.UNREACHABLE);
        }
    }

    /** The question has its response, unless that comes from a connection that was given up already. */
    void answered(Channel from, HealthState.Result result, boolean keep) {
        if (from != channel) {
            return;
        }
        if (!keep || !reuse) {
            drop();
        }
        end(result);
    }

    private void end(HealthState.Result result) {
        Consumer<HealthState.Result> done = waiting;
        waiting = null;
        if (done != null) {
            done.accept(result);
        }
    }

    /** Ends the question without a result, and the connection with it. */
    void abandon() {
        waiting = null;
        drop();
    }

    private void drop() {
        Channel old = channel;
        channel = null;
        if (old != null) {
            old.close();
        }
    }
}
