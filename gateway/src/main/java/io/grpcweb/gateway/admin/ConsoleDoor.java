package io.grpcweb.gateway.admin;

import io.grpcweb.gateway.console.Backends;
import io.grpcweb.gateway.console.Console;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketHandshakeException;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshakerFactory;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.EventExecutor;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The way to the console: its page, the files of that, and its socket. The console can call any backend, so that it is for this machine
 * only, in addition to what {@link CallerCheck} asks; it is made when somebody opens it.
 */
final class ConsoleDoor {
    static final String PATH = "/console";
    static final String BELOW = PATH + "/";
    private static final String SOCKET = BELOW + "socket";

    /** A page says something, if only a pong, within this time. */
    private static final int SILENT_SECONDS = 90;

    private static final int PING_SECONDS = 30;

    private final Supplier<Backends> backends;
    private final EventExecutor pages;
    private Console console;

    /**
     * A way to nothing yet.
     *
     * @param pages the thread of the pages
     */
    ConsoleDoor(Supplier<Backends> backends, EventExecutor pages) {
        this.backends = backends;
        this.pages = pages;
    }

    static boolean isBelow(String uri) {
        return uri.startsWith(PATH)
                && (uri.length() == PATH.length()
                        || uri.charAt(PATH.length()) == '/'
                        || uri.charAt(PATH.length()) == '?');
    }

    /** Why a caller may not come in, or null. */
    static String refusal(SocketAddress peer) {
        boolean near = peer instanceof DomainSocketAddress
                || peer instanceof InetSocketAddress address
                        && address.getAddress() != null
                        && address.getAddress().isLoopbackAddress();
        return near ? null : "the console is for callers on this machine: use 127.0.0.1, or forward its port to yours";
    }

    // On the thread of the pages.

    private Console console() {
        if (console == null) {
            console = new Console(backends.get(), pages, System::nanoTime);
        }
        return console;
    }

    AdminResponse page(AdminRequest request) {
        return file(console().page());
    }

    AdminResponse part(AdminRequest request) {
        String name = request.path().substring(BELOW.length());
        return Console.parts().contains(name)
                ? file(Console.part(name))
                : AdminResponse.text(404, "the console has no file of this name\n");
    }

    private static AdminResponse file(Console.File file) {
        return new AdminResponse(200, file.type(), file.text(), Console.POLICY, null);
    }

    // On the event loop of the connection.

    /** Whether a request is the handshake of the socket. */
    static boolean isSocket(AdminRequest asked, FullHttpRequest request) {
        return asked.path().equals(SOCKET)
                && request.headers().containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true);
    }

    /**
     * Answers the handshake.
     *
     * @param outcome is told how it is refused, or null where the connection belongs to the socket from now on
     */
    void open(ChannelHandlerContext ctx, FullHttpRequest request, Consumer<AdminResponse> outcome) {
        String offered = request.headers().get(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, "");
        String token = offered.startsWith(Console.SUBPROTOCOL + ",")
                ? offered.substring(Console.SUBPROTOCOL.length() + 1).strip()
                : "";
        pages.execute(() -> {
            ChannelHandler socket = console().open(token);
            ctx.executor().execute(() -> {
                if (socket == null) {
                    outcome.accept(
                            AdminResponse.text(403, "the page is too old, or too many are open: load it again\n"));
                } else {
                    shakeHands(ctx, request, socket, outcome);
                }
            });
        });
    }

    private void shakeHands(
            ChannelHandlerContext ctx,
            FullHttpRequest request,
            ChannelHandler socket,
            Consumer<AdminResponse> outcome) {
        WebSocketServerHandshaker shaker = new WebSocketServerHandshakerFactory(
                        SOCKET, Console.SUBPROTOCOL, false, Console.MOST_OF_A_COMMAND)
                .newHandshaker(request);
        if (shaker == null) {
            outcome.accept(AdminResponse.text(400, "only version 13 of the protocol of WebSockets is spoken\n"));
            return;
        }
        try {
            shaker.handshake(ctx.channel(), request).addListener(done -> {
                if (done.isSuccess()) {
                    hand(ctx, socket);
                } else {
                    ctx.close();
                }
            });
        } catch (WebSocketHandshakeException e) {
            outcome.accept(AdminResponse.text(400, e.getMessage() + "\n"));
            return;
        }
        outcome.accept(null);
    }

    private void hand(ChannelHandlerContext ctx, ChannelHandler socket) {
        ChannelPipeline pipeline = ctx.pipeline();
        pipeline.addLast(new IdleStateHandler(SILENT_SECONDS, PING_SECONDS, 0));
        pipeline.addLast(new WebSocketFrameAggregator(Console.MOST_OF_A_COMMAND));
        pipeline.addLast(socket);
        ctx.channel().config().setAutoRead(true);
        pipeline.remove(ctx.handler());
    }
}
