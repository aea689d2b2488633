package io.grpcweb.gateway.net;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderException;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What ends a connection though nobody asked for it. A peer that vanishes or talks nonsense is no news; the rest is told. */
public final class ConnectionFault {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionFault.class);

    private ConnectionFault() {}

    /** Closes the connection of a handler that has caught this. */
    public static void close(ChannelHandlerContext ctx, Throwable caught) {
        tell(ctx, caught);
        ctx.close();
    }

    /** Logs what the peer is not to blame for. */
    static void tell(ChannelHandlerContext ctx, Throwable caught) {
        // Netty wraps whatever a decoder throws, TLS among them.
        Throwable cause = caught instanceof DecoderException && caught.getCause() != null ? caught.getCause() : caught;
        if (cause instanceof OutOfMemoryError) {
            // Java and Netty name the number of bytes, what is in use and the limit.
            LOG.warn(
                    "{}: closed, there is no memory to read into: {} (JAVA_OPTS=-XX:MaxDirectMemorySize=...)",
                    ctx.channel(),
                    cause.getMessage());
        } else if (!(cause instanceof IOException || cause instanceof DecoderException)) {
            LOG.error("{}: closed by a fault of the gateway", ctx.channel(), cause);
        }
    }
}
