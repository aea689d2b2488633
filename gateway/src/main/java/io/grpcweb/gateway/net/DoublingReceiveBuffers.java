package io.grpcweb.gateway.net;

import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;

/**
 * Receive buffers for connections of clients: one read a turn of the event loop, and reads that double while they are full.
 * Netty's own grow sixteenfold, after which a hundred connections that begin with a thousand requests each would have all
 * of them served in one turn, while everybody else waits.
 */
final class DoublingReceiveBuffers extends DefaultMaxMessagesRecvByteBufAllocator {
    private static final int SMALLEST = 1024;
    private static final int FIRST = 8 * 1024;
    private static final int LARGEST = 256 * 1024;

    DoublingReceiveBuffers() {
        super(1);
    }

    @SuppressWarnings("deprecation") // the type that the interface has
    @Override
    public Handle newHandle() {
        return new Sizes();
    }

    private final class Sizes extends MaxMessageHandle {
        private int next = FIRST;
        private boolean small;

        @Override
        public int guess() {
            return next;
        }

        @Override
        public void readComplete() {
            int read = totalBytesRead();
            if (read >= next) {
                next = Math.min(LARGEST, next * 2);
                small = false;
            } else if (read > next / 2) {
                small = false;
            } else if (small) {
                // Twice in a row half of it was enough.
                next = Math.max(SMALLEST, next / 2);
                small = false;
            } else {
                small = true;
            }
        }
    }
}
