package io.grpcweb.gateway.console;

import io.netty.channel.ChannelHandler;
import io.netty.util.concurrent.EventExecutor;
import java.util.List;
import java.util.function.LongSupplier;

/** The console, made when somebody opens it; on the thread of the admin pages. */
public final class Console {
    /** What the socket of the page speaks ({@code Sec-WebSocket-Protocol}). */
    public static final String SUBPROTOCOL = "gateway-console";

    /** Bytes of a message of the page, which holds a message of a call as JSON. */
    public static final int MOST_OF_A_COMMAND = 5 << 20;

    /**
     * What the page may load: its own files, and its socket. Nothing else can be embedded, framed or sent anywhere (CSP 3, section 6).
     */
    public static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
            + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final String TOKEN = "@TOKEN@";
    private static final int MOST_SOCKETS = 8;

    private final Backends backends;
    private final EventExecutor page;
    private final PageTokens tokens;
    private int sockets;

    /** Of a gateway; {@code page} is the thread of the admin pages. */
    public Console(Backends backends, EventExecutor page, LongSupplier nanoTime) {
        this.backends = backends;
        this.page = page;
        this.tokens = new PageTokens(nanoTime);
    }

    /** A text of the page, and what it is. */
    public record File(String type, String text) {}

    /** The page, with a secret of its own. */
    public File page() {
        String page = ConsoleFiles.text(ConsoleFiles.PAGE);
        return new File(ConsoleFiles.type(ConsoleFiles.PAGE), page.replace(TOKEN, tokens.issue()));
    }

    /** The names of the files that the page loads. */
    public static List<String> parts() {
        return ConsoleFiles.PARTS;
    }

    /** One of them. */
    public static File part(String name) {
        return new File(ConsoleFiles.type(name), ConsoleFiles.text(name));
    }

    /** What handles the frames of a page's socket; null where it has no secret, or there are too many sockets. */
    public ChannelHandler open(String token) {
        if (!tokens.take(token) || sockets == MOST_SOCKETS) {
            return null;
        }
        return new ConsoleSocket(backends, page, change -> sockets += change);
    }
}
