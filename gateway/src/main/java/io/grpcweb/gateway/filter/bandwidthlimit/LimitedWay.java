package io.grpcweb.gateway.filter.bandwidthlimit;

import io.grpcweb.gateway.filter.Throttle;
import io.grpcweb.gateway.filter.Way;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.concurrent.EventExecutor;
import java.util.function.LongSupplier;

/** One direction of a call under the limit: its throttle, and what is counted of it. */
final class LimitedWay implements Way {
    /** Bytes that are held before the sender is asked to stop. */
    private static final int HELD = 64 * 1024;

    private final Throttle throttle;
    private final BandwidthStats.Way stats;
    private final Way.Ends ends;
    private final LongSupplier nanoTime;
    private final long begunNanos;
    private long heldSince = -1;
    private long heldNanos;
    private long heldBytes;
    private boolean over;

    LimitedWay(
            EventExecutor loop, Bandwidth bandwidth, BandwidthStats.Way stats, LongSupplier nanoTime, Way.Ends ends) {
        this.throttle = new Throttle(loop, bandwidth.allowance(), bandwidth.sliceNanos(), HELD, new Passed());
        this.stats = stats;
        this.nanoTime = nanoTime;
        this.ends = ends;
        this.begunNanos = nanoTime.getAsLong();
        stats.enabled.increment();
        stats.pending.increment();
    }

    @Override
    public void data(ByteBuf data, boolean end) {
        int length = data.readableBytes();
        stats.incoming.add(length);
        stats.incomingSize.set(length);
        heldBytes += length;
        throttle.data(data, end);
        if (heldBytes > 0 && heldSince < 0) {
            stats.enforced.increment();
            heldSince = nanoTime.getAsLong();
        }
    }

    @Override
    public void trailers(Http2Headers trailers) {
        throttle.trailers(trailers);
    }

    @Override
    public void receiverReady(boolean ready) {
        throttle.receiverReady(ready);
    }

    /** Milliseconds since the direction began. */
    long durationMillis() {
        return (nanoTime.getAsLong() - begunNanos) / 1_000_000;
    }

    /** Milliseconds for which something was held. */
    long heldMillis() {
        return heldNanos / 1_000_000;
    }

    @Override
    public void close() {
        throttle.close();
        ended();
    }

    private void ended() {
        if (!over) {
            over = true;
            stats.pending.decrement();
            stats.duration.recordNanos(nanoTime.getAsLong() - begunNanos);
        }
    }

    /** What the throttle lets pass. */
    private final class Passed implements Ends {
        @Override
        public void data(ByteBuf data, boolean end) {
            int length = data.readableBytes();
            stats.allowed.add(length);
            stats.allowedSize.set(length);
            heldBytes -= length;
            if (heldBytes == 0 && heldSince >= 0) {
                heldNanos += nanoTime.getAsLong() - heldSince;
                heldSince = -1;
            }
            if (end) {
                ended();
            }
            ends.data(data, end);
        }

        @Override
        public void trailers(Http2Headers trailers) {
            ended();
            ends.trailers(trailers);
        }

        @Override
        public void flush() {
            ends.flush();
        }

        @Override
        public void writable(boolean writable) {
            ends.writable(writable);
        }
    }
}
