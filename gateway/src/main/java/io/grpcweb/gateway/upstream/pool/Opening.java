package io.grpcweb.gateway.upstream.pool;

import io.grpcweb.gateway.http.TlsFacts;
import io.grpcweb.gateway.http.UpstreamFailure;
import io.grpcweb.gateway.net.TlsSessions;
import io.grpcweb.gateway.net.WireCounter;
import io.grpcweb.gateway.upstream.host.UpstreamTls;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.net.ConnectException;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * One connection on its way: the addresses of its endpoint are tried until TCP, and TLS where it is used, is done with one
 * of them, as in Envoy; then what speaks the protocol goes on with that one.
 */
final class Opening {
    /** What the system's message says where nobody listens; the native transport has words of its own before it. */
    private static final String REFUSED = "Connection refused";

    private final Connector connector;
    private final ConnectionWish wish;
    private final ConnectionCounter counter;
    private final AddressRace race;
    private Future<?> timeout;
    private Runner last;
    private boolean connected;

    Opening(Connector connector, ConnectionWish wish) {
        this.connector = connector;
        this.wish = wish;
        this.counter = new ConnectionCounter(wish);
        this.race = new AddressRace(wish.host().addresses(), Runner::new, wish.loop());
    }

    void begin() {
        timeout = wish.loop().schedule(this::late, connector.timeout().toNanos(), TimeUnit.NANOSECONDS);
        race.begin();
    }

    private void late() {
        if (wish.isConnecting()) {
            wish.broken(UpstreamFailure.CONNECTION_TIMEOUT, lateness());
            if (connected) {
                last.stop();
            } else {
                race.end();
                counter.closed(false);
            }
        }
    }

    /** What of a connection was there when its time was over. */
    private String lateness() {
        String what = "no TCP connection";
        if (connected) {
            what = "accepts connections and says nothing, not even HTTP/2 SETTINGS,";
        } else if (last.channel.isActive()) {
            what = "accepts connections and does not finish the TLS handshake";
        }
        return what + " within " + connector.timeout().toMillis() + " ms";
    }

    private void failed(Runner loser, UpstreamFailure failure, String reason) {
        if (race.failed(loser)) {
            timeout.cancel(false);
            counter.closed(false);
            wish.broken(failure, reason);
        }
    }

    private void won(Runner winner) {
        race.won(winner);
        last = winner;
        connected = true;
        counter.connected();
        winner.channel.closeFuture().addListener(closed -> {
            timeout.cancel(false);
            counter.closed(winner.wire.closedHere());
            wish.closed();
        });
    }

    private static UpstreamFailure failure(Throwable cause) {
        if (cause instanceof ConnectTimeoutException) {
            return UpstreamFailure.CONNECTION_TIMEOUT;
        }
        if (cause instanceof ConnectException
                && cause.getMessage() != null
                && cause.getMessage().contains(REFUSED)) {
            return UpstreamFailure.CONNECTION_REFUSED;
        }
        return cause instanceof ConnectException
                ? UpstreamFailure.CONNECTION_FAILURE
                : UpstreamFailure.LOCAL_CONNECTION_FAILURE;
    }

    /** The innermost cause: TLS engines wrap what went wrong into words that say nothing. */
    private static String reason(Throwable cause) {
        Throwable innermost = cause;
        while (innermost.getCause() != null) {
            innermost = innermost.getCause();
        }
        if (innermost instanceof ClosedChannelException) {
            return "the backend closed the connection";
        }
        return innermost.getMessage() == null ? innermost.toString() : innermost.getMessage();
    }

    /** An attempt at one address, and the last handler of its channel until it has won. */
    private final class Runner extends ChannelInboundHandlerAdapter implements AddressRace.Runner {
        private final SocketAddress address;
        private final UpstreamTls tls;
        private final String serverName;
        private WireCounter wire;
        private SslHandler handshake;
        private Channel channel;

        Runner(SocketAddress address) {
            this.address = address;
            this.tls = connector.tls(wish.host());
            this.serverName = tls == null ? null : tls.serverName(wish.host(), wish.serverName());
        }

        @Override
        public void start() {
            last = this;
            wire = counter.attempt();
            wish.host().addressTried();
            ChannelFuture connect = connector
                    .bootstrap(address, wish.loop())
                    .group(wish.loop())
                    .handler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel fresh) {
                            fresh.pipeline().addLast(wire);
                            if (tls != null) {
                                handshake = tls.handler(fresh.alloc(), address, serverName, wish.speaksHttp());
                                fresh.pipeline().addLast(handshake);
                            }
                            fresh.pipeline().addLast(Runner.this);
                        }
                    })
                    .connect(address);
            channel = connect.channel();
            connect.addListener((ChannelFutureListener) done -> {
                if (done.isSuccess()) {
                    return;
                }
                if (wish.loop().inEventLoop()) {
                    failed(this, failure(done.cause()), reason(done.cause()));
                } else {
                    // There was not even a socket, as without a file descriptor: Netty says so on a thread of its own.
                    wish.loop().execute(() -> failed(this, failure(done.cause()), reason(done.cause())));
                }
            });
        }

        @Override
        public void stop() {
            channel.close();
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            if (handshake == null) {
                goOn(ctx, new UpstreamFacts(connector.nextId(), null, null));
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (!(event instanceof SslHandshakeCompletionEvent completion)) {
                ctx.fireUserEventTriggered(event);
                return;
            }
            String problem = completion.isSuccess() ? tls.problemWith(handshake) : reason(completion.cause());
            if (problem != null) {
                wish.stats().tls().connectionError.increment();
                broken(ctx, problem);
                return;
            }
            TlsFacts facts = TlsSessions.facts(handshake.engine().getSession());
            wish.stats()
                    .tls()
                    .handshake(facts.version(), facts.cipher(), null, TlsSessions.isResumed(handshake.engine()));
            goOn(ctx, new UpstreamFacts(connector.nextId(), facts, serverName));
        }

        private void goOn(ChannelHandlerContext ctx, UpstreamFacts facts) {
            channel.attr(UpstreamFacts.KEY).set(facts);
            won(this);
            wish.connected(channel, handshake);
            ctx.fireChannelActive();
            ctx.pipeline().remove(this);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            broken(ctx, reason(cause));
        }

        private void broken(ChannelHandlerContext ctx, String problem) {
            failed(this, UpstreamFailure.CONNECTION_FAILURE, (handshake == null ? "" : "TLS_error: ") + problem);
            ctx.close();
        }
    }
}
