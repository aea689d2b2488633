package io.grpcweb.gateway.check;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslHandler;

/** How a connection is secured. */
interface Security {
    /** It is not. */
    Security NONE = new Security() {
        @Override
        public SslHandler handler(ByteBufAllocator allocator) {
            return null;
        }
    };

    /** Begins a handshake; null for cleartext. */
    SslHandler handler(ByteBufAllocator allocator);

    /** What is wrong with the peer after the handshake, or null. */
    default String problemWith(SslHandler handshake) {
        return null;
    }
}
