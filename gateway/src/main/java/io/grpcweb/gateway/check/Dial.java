package io.grpcweb.gateway.check;

import io.grpcweb.gateway.net.LoopChannels;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.SocketAddress;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;

/** One connection to an endpoint, as far as the first words of the server. The state is confined to the event loop. */
final class Dial {
    private final Security security;
    private final Greeting greeting;
    private final Promise<Contact> done;
    private Channel channel;
    private SslHandler handshake;
    private Contact.Step step = Contact.Step.TCP;
    private Throwable failure;

    /** What is said to the server first, and how its answers are read. */
    interface Greeting {
        /** The handlers that say it, and that take over once the server has spoken. */
        List<ChannelHandler> handlers();

        /** What the server says if it has understood. */
        Opening.Kind expected();
    }

    private Dial(EventLoop loop, Security security, Greeting greeting) {
        this.security = security;
        this.greeting = greeting;
        this.done = loop.newPromise();
    }

    /** Connects, and waits for what comes of it. */
    static Contact to(EventLoop loop, SocketAddress address, Security security, Greeting greeting, Budget budget)
            throws InterruptedException {
        Dial dial = new Dial(loop, security, greeting);
        loop.execute(() -> dial.connect(loop, address, budget));
        if (!budget.await(dial.done)) {
            loop.submit(dial::tooLate).sync();
        }
        return dial.done.getNow();
    }

    private void connect(EventLoop loop, SocketAddress address, Budget budget) {
        ChannelFuture connect = new Bootstrap()
                .group(loop)
                .channel(new LoopChannels(loop).to(address))
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        Math.max(1, budget.left().toMillis()))
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel fresh) {
                        handshake = security.handler(fresh.alloc());
                        if (handshake != null) {
                            handshake.setHandshakeTimeoutMillis(0);
                            fresh.pipeline().addLast(handshake);
                            handshake.handshakeFuture().addListener((Future<Channel> secured) -> secured(secured));
                        }
                        fresh.pipeline().addLast(new FirstWords());
                        greeting.handlers().forEach(fresh.pipeline()::addLast);
                        fresh.pipeline().addLast(new Last());
                    }
                })
                .connect(address);
        channel = connect.channel();
        connect.addListener((ChannelFutureListener) connected -> {
            if (!connected.isSuccess()) {
                end(null, connected.cause());
            } else if (step == Contact.Step.TCP) {
                step = handshake == null ? Contact.Step.OPENED : Contact.Step.TLS;
            }
        });
    }

    private void secured(Future<Channel> secured) {
        String problem = secured.isSuccess() ? security.problemWith(handshake) : null;
        if (secured.isSuccess() && problem == null) {
            step = Contact.Step.OPENED;
        } else {
            step = Contact.Step.TLS;
            end(null, problem == null ? secured.cause() : new SSLException(problem));
        }
    }

    private void tooLate() {
        end(Opening.of(Opening.Kind.SILENT), null);
    }

    private void end(Opening opening, Throwable cause) {
        Contact contact = new Contact(
                step,
                cause,
                step == Contact.Step.OPENED ? opening : null,
                handshake == null ? null : handshake.applicationProtocol(),
                chain(),
                channel);
        if (done.trySuccess(contact) && !contact.speaks(Opening.Kind.HTTP2)) {
            channel.close();
        }
    }

    private List<X509Certificate> chain() {
        List<X509Certificate> found = new ArrayList<>();
        try {
            if (handshake != null) {
                for (var one : handshake.engine().getSession().getPeerCertificates()) {
                    found.add((X509Certificate) one);
                }
            }
        } catch (SSLPeerUnverifiedException e) {
            // It has not shown any.
            return List.of();
        }
        return found;
    }

    /** Looks at the first bytes of the server. */
    private final class FirstWords extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (!(message instanceof ByteBuf bytes) || !bytes.isReadable()) {
                ctx.fireChannelRead(message);
                return;
            }
            Opening opening = Opening.of(bytes);
            end(opening, null);
            if (opening.kind() == greeting.expected()) {
                ctx.pipeline().remove(this);
                ctx.fireChannelRead(message);
            } else {
                bytes.release();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            failure = cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
            ctx.close();
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            end(Opening.of(Opening.Kind.CLOSED), failure);
            ctx.fireChannelInactive();
        }
    }

    /** What nobody else wants. */
    private static final class Last extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ReferenceCountUtil.release(message);
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            ReferenceCountUtil.release(event);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }
}
