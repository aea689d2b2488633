package io.grpcweb.gateway.filter.coding;

import io.netty.buffer.ByteBuf;

/**
 * Encodes one body. Input stays the caller's, output is added to a buffer of the caller's, which must be direct. Confined to an
 * event loop; it holds native memory until it is closed.
 */
public interface Encoder extends AutoCloseable {

    /** Encodes a part, of which some may stay inside. */
    void add(ByteBuf in, ByteBuf out);

    /** Lets out whatever has stayed inside, so that the receiver can decode all that was added. */
    void flush(ByteBuf out);

    /** Ends the body. */
    void finish(ByteBuf out);

    /** Makes it as new; false where it cannot be. */
    boolean reset();

    @Override
    void close();
}
