package io.grpcweb.gateway.filter.decompressor;

import io.grpcweb.gateway.filter.Way;
import io.grpcweb.gateway.filter.coding.Decoder;
import io.grpcweb.gateway.filter.coding.Decoders;
import io.grpcweb.gateway.filter.coding.Unpacking;
import io.grpcweb.gateway.http.Exchange;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;

/** One direction of an exchange that is decompressed. It must be closed, however the body ends. */
final class UnpackedWay implements Way, Unpacking.Ends {

    /** Told when the body is broken. */
    @FunctionalInterface
    interface Failure {

        /** As in {@link Unpacking.Ends#failed}. */
        void failed(String why, boolean tooMuch);
    }

    private final Exchange exchange;
    private final DecompressorFactory factory;
    private final Decoders decoders;
    private final DecompressorStats.Way counted;
    private final Way.Ends ends;
    private final Failure failure;
    private final Unpacking unpacking;
    private Decoder decoder;
    private boolean ready = true;
    private boolean resuming;

    private UnpackedWay(
            Exchange exchange,
            DecompressorFactory factory,
            Decoders decoders,
            Decoder decoder,
            DecompressorStats.Way counted,
            Way.Ends ends,
            Failure failure) {
        this.exchange = exchange;
        this.factory = factory;
        this.decoders = decoders;
        this.decoder = decoder;
        this.counted = counted;
        this.ends = ends;
        this.failure = failure;
        this.unpacking =
                new Unpacking(decoder, exchange.allocator(), factory.config().mostGrowth(), this);
        exchange.atEnd(this::close);
    }

    /** One that begins; null where too many are at work. */
    static UnpackedWay begin(
            Exchange exchange,
            DecompressorFactory factory,
            Decoders decoders,
            DecompressorStats.Way counted,
            Way.Ends ends,
            Failure failure) {
        Decoder decoder = decoders.take(exchange.executor());
        return decoder == null ? null : new UnpackedWay(exchange, factory, decoders, decoder, counted, ends, failure);
    }

    @Override
    public void data(ByteBuf data, boolean end) {
        counted.compressedBytes.add(data.readableBytes());
        unpacking.data(data, end);
    }

    @Override
    public void trailers(Http2Headers trailers) {
        unpacking.trailers(trailers);
    }

    /**
     * Whether the receiver takes more at the moment. What is held passes in a turn of its own: the receiver may be in the middle
     * of writing.
     */
    @Override
    public void receiverReady(boolean isReady) {
        ready = isReady;
        if (!isReady) {
            unpacking.receiverReady(false);
            ends.writable(false);
        } else if (unpacking.isEmpty()) {
            unpacking.receiverReady(true);
            ends.writable(true);
        } else if (!resuming) {
            resuming = true;
            exchange.executor().execute(this::resume);
        }
    }

    private void resume() {
        resuming = false;
        if (!ready || exchange.isOver()) {
            return;
        }
        try {
            unpacking.receiverReady(true);
            ends.flush();
            // It may have had enough of what was held.
            if (ready) {
                ends.writable(true);
            }
        } catch (RuntimeException | VirtualMachineError e) {
            exchange.broken(e);
        }
    }

    @Override
    public void close() {
        unpacking.close();
        if (decoder != null) {
            Decoder last = decoder;
            decoder = null;
            decoders.giveBack(exchange.executor(), last);
        }
    }

    @Override
    public void data(ByteBuf part) {
        counted.uncompressedBytes.add(part.readableBytes());
        ends.data(part, false);
    }

    @Override
    public void end(Http2Headers trailers) {
        close();
        if (!factory.config().sizeTrailers()) {
            if (trailers == null) {
                ends.data(Unpooled.EMPTY_BUFFER, true);
            } else {
                ends.trailers(trailers);
            }
            return;
        }
        Http2Headers last = trailers == null ? new DefaultHttp2Headers(false) : trailers;
        factory.tellSizes(last, unpacking.packed(), unpacking.unpacked());
        ends.trailers(last);
    }

    @Override
    public void failed(String why, boolean tooMuch) {
        close();
        failure.failed(why, tooMuch);
    }
}
