package io.grpcweb.gateway.filter.coding;

import io.netty.buffer.ByteBuf;

/**
 * Decodes one body, as much at a time as the caller has room for. Confined to an event loop; it holds native memory until it is
 * closed.
 */
public interface Decoder extends AutoCloseable {

    /**
     * Reads from {@code in} and writes to {@code out}, which must be direct, until one has no more; it writes no more than
     * fits in {@code out}.
     *
     * @return whether there may be more output without more input
     */
    boolean decode(ByteBuf in, ByteBuf out) throws CodingException;

    /** Whether the body may end here. */
    boolean isComplete();

    @Override
    void close();
}
