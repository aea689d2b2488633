package io.grpcweb.gateway.net;

import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.codec.http2.StreamByteDistributor;

/**
 * Keeps account of the DATA that waits in an HTTP/2 connection for the windows of its streams (RFC 9113 section 5.2): how
 * much of each stream, and for how many ticks none of it has left. Whoever owns the connection moves the ticks. It stands
 * in front of Netty's distributor, which is told of every change already. Confined to the connection's event loop.
 */
public final class WaitingBytes implements StreamByteDistributor {
    private final StreamByteDistributor order;
    private final Http2Connection.PropertyKey key;
    private long total;
    private int tick;

    /** What waits of one stream, and the tick in which some of it left or the first of it came. */
    private static final class Account {
        private long bytes;
        private int moved;
    }

    WaitingBytes(Http2Connection connection, StreamByteDistributor order) {
        this.order = order;
        this.key = connection.newKey();
    }

    @Override
    public void updateStreamableBytes(StreamState state) {
        long now = state.pendingBytes();
        Account account = state.stream().getProperty(key);
        if (account == null && now > 0) {
            account = new Account();
            state.stream().setProperty(key, account);
        }
        if (account != null && now != account.bytes) {
            if (now < account.bytes || account.bytes == 0) {
                account.moved = tick;
            }
            total += now - account.bytes;
            account.bytes = now;
        }
        order.updateStreamableBytes(state);
    }

    @Override
    public void updateDependencyTree(int child, int parent, short weight, boolean exclusive) {
        order.updateDependencyTree(child, parent, weight, exclusive);
    }

    @Override
    public boolean distribute(int maxBytes, Writer writer) throws Http2Exception {
        return order.distribute(maxBytes, writer);
    }

    /** Bytes of all streams that wait. */
    public long total() {
        return total;
    }

    /** Bytes of one stream that wait. */
    public long of(Http2Stream stream) {
        Account account = stream.getProperty(key);
        return account == null ? 0 : account.bytes;
    }

    /** For how many ticks no byte of a stream that waits has left; 0 where none waits. */
    public int ticksWithoutProgress(Http2Stream stream) {
        Account account = stream.getProperty(key);
        return account == null || account.bytes == 0 ? 0 : tick - account.moved;
    }

    /** Time has passed. */
    public void tick() {
        tick++;
    }
}
