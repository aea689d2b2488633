package io.grpcweb.gateway.filter.fault;

import io.grpcweb.gateway.filter.ByteRate;
import io.grpcweb.gateway.filter.HoldingFilter;
import io.grpcweb.gateway.filter.Throttle;
import io.grpcweb.gateway.filter.Way;
import io.grpcweb.gateway.filter.fault.FaultFactory.Aborted;
import io.grpcweb.gateway.http.CallFormat;
import io.grpcweb.gateway.http.Details;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.GrpcStatus;
import io.grpcweb.gateway.http.LocalReply;
import io.grpcweb.gateway.http.ResponseFlag;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Makes the faults of one exchange: the request waits, is answered, or its response is slow. */
final class FaultFilter extends HoldingFilter implements Way.Ends {
    private static final Details ABORTED = Details.quoting("fault_filter_abort");

    /** Envoy's name of the metadata, whatever the filter is called. */
    private static final String NAMESPACE = "envoy.filters.http.fault";

    /** Bytes of the body that are held during a delay, and of the response while it is slow. */
    private static final int HELD = 64 * 1024;

    /** How often a slow response goes on. */
    private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final FaultFactory faults;
    private Future<?> delay;
    private Throttle slow;
    private boolean active;

    FaultFilter(Exchange exchange, FaultFactory faults) {
        super(exchange, HELD);
        this.faults = faults;
    }

    @Override
    protected void arrived(Http2Headers head, boolean end) {
        if (!faults.concerns(exchange(), head)) {
            resume();
            return;
        }
        long rate = faults.bytesPerSecond(head);
        if (rate > 0 && begins()) {
            faults.stats().slowed.increment();
            ByteRate allowance = new ByteRate(rate, SLICE_NANOS, faults.nanoTime());
            slow = new Throttle(exchange().executor(), allowance, SLICE_NANOS, HELD, this);
        }
        long nanos = faults.delayNanos(head);
        if (nanos > 0 && begins()) {
            faults.stats().delays.increment();
            exchange().info().flag(ResponseFlag.DELAY_INJECTED);
            delay = exchange().executor().schedule(this::goOn, nanos, TimeUnit.NANOSECONDS);
        } else {
            goOn();
        }
    }

    /** Whether this exchange has a fault, or may have one. */
    private boolean begins() {
        if (!active && faults.mayBegin()) {
            active = true;
            exchange().info().addMetadata().share(NAMESPACE, faults.metadata().byReader());
            exchange().atEnd(this::ended);
        }
        return active;
    }

    private void goOn() {
        delay = null;
        Aborted aborted = faults.abort(head());
        if (aborted == null || !begins()) {
            resume();
            return;
        }
        faults.stats().aborts.increment();
        refuse(reply(aborted));
    }

    private LocalReply reply(Aborted aborted) {
        boolean http = aborted.httpStatus() >= 0;
        // A number that is no status is a matter of native callers alone.
        int grpc = exchange().info().format == CallFormat.GRPC
                ? aborted.grpcStatus()
                : GrpcStatus.of(aborted.grpcStatus()).code();
        return new LocalReply(
                http ? aborted.httpStatus() : 200,
                http ? GrpcStatus.fromHttp(aborted.httpStatus()).code() : grpc,
                aborted.message(),
                ResponseFlag.FAULT_INJECTED,
                ABORTED,
                List.of());
    }

    @Override
    protected void abandoned() {
        if (delay != null) {
            delay.cancel(false);
            delay = null;
        }
    }

    // The response.

    @Override
    public void responseHead(Http2Headers fields, boolean end) {
        if (slow != null && exchange().localReply() != null) {
            // What the gateway says itself is not slow.
            slow.close();
            slow = null;
        }
        super.responseHead(fields, end);
    }

    @Override
    public void responseData(ByteBuf data, boolean end) {
        if (slow != null) {
            slow.data(data, end);
        } else {
            data(data, end);
        }
    }

    @Override
    public void responseTrailers(Http2Headers fields) {
        if (slow != null) {
            slow.trailers(fields);
        } else {
            trailers(fields);
        }
    }

    @Override
    public void responseAbort(LocalReply reason) {
        if (slow != null) {
            slow.close();
        }
        super.responseAbort(reason);
    }

    @Override
    public void responseWritable(boolean writable) {
        if (slow != null) {
            slow.receiverReady(writable);
        } else {
            writable(writable);
        }
    }

    @Override
    public void data(ByteBuf data, boolean end) {
        upper().responseData(data, end);
    }

    @Override
    public void trailers(Http2Headers fields) {
        upper().responseTrailers(fields);
    }

    @Override
    public void flush() {
        upper().responseFlush();
    }

    @Override
    public void writable(boolean writable) {
        lower().responseWritable(writable);
    }

    private void ended() {
        if (slow != null) {
            slow.close();
        }
        faults.stats().active.decrement();
    }
}
