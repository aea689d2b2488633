package io.grpcweb.gateway.downstream;

import io.grpcweb.gateway.http.CallFormat;
import io.grpcweb.gateway.http.Details;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.ExchangeHandler;
import io.grpcweb.gateway.http.GrpcHeaders;
import io.grpcweb.gateway.http.GrpcStatus;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.LocalReply;
import io.grpcweb.gateway.http.PercentEncoding;
import io.grpcweb.gateway.http.ResponseFlag;
import io.grpcweb.gateway.stats.HttpStats;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;

/**
 * The uppermost filter of an exchange: the client's stream. What is common to HTTP/1.1, HTTP/2 and WebSockets is here: the
 * facts of the exchange, its ends, and back-pressure upwards.
 */
public abstract class DownstreamStream extends HttpFilter {
    private final Exchange exchange;
    private final ResponseStamp stamp;
    private final HttpStats stats;

    /** Null before the first of a native call. */
    private NativeMessages messages;

    private boolean requestPaused;
    private boolean answered;

    DownstreamStream(Exchange exchange, ResponseStamp stamp, HttpStats stats) {
        this.exchange = exchange;
        this.stamp = stamp;
        this.stats = stats;
    }

    /** A stream that another one carries. */
    protected DownstreamStream(Exchange exchange, DownstreamStream carrier) {
        this(exchange, carrier.stamp, carrier.stats);
    }

    /** The exchange whose uppermost filter this is. */
    public final Exchange exchange() {
        return exchange;
    }

    /** Whether the last part of the response was handed to the connection. */
    final boolean isAnswered() {
        return answered;
    }

    /** Whether the backend takes no more of the request at the moment. */
    final boolean isRequestPaused() {
        return requestPaused;
    }

    // Down, from the connection. A fault on the way ends this exchange and not the connection.

    /** Hands the request to what serves it, unless the gateway takes no more. */
    final void begin(HttpService service, Http2Headers head, boolean end) {
        begin(
                Overloaded.sheds(service)
                        ? (shed, client, fields, whole) -> Overloaded.answer(shed, service, fields)
                        : service.handler(),
                head,
                end);
    }

    /** Hands the request to what serves it. */
    public final void begin(ExchangeHandler handler, Http2Headers head, boolean end) {
        exchange.chain(this, this);
        try {
            handler.handle(exchange, this, head, end);
        } catch (RuntimeException | VirtualMachineError e) {
            exchange.broken(e);
        }
    }

    /** A part of the body from the client; takes it over. */
    public final void receive(ByteBuf data, boolean end) {
        int bytes = data.readableBytes();
        if (exchange.info().format == CallFormat.GRPC) {
            messages().received(data);
        }
        exchange.info().bytesReceived += bytes;
        if (end) {
            exchange.requestEnded();
        } else {
            exchange.timer().touch();
        }
        if (isDeaf() || lower() == null || (bytes == 0 && !end)) {
            data.release();
            return;
        }
        try {
            lower().requestData(data, end);
        } catch (RuntimeException | VirtualMachineError e) {
            exchange.broken(e);
        }
    }

    /** Trailers from the client. */
    final void receiveTrailers(Http2Headers trailers) {
        exchange.requestEnded();
        if (isDeaf() || lower() == null) {
            return;
        }
        try {
            lower().requestTrailers(trailers);
        } catch (RuntimeException | VirtualMachineError e) {
            exchange.broken(e);
        }
    }

    private NativeMessages messages() {
        if (messages == null) {
            messages = new NativeMessages(exchange.info());
        }
        return messages;
    }

    /** Nothing that still comes from the client matters. */
    private boolean isDeaf() {
        return exchange.isOver() || answered || exchange.localReply() != null;
    }

    /** Where there is no filter below yet, nothing is under way. */
    @Override
    public void cancel() {
        if (lower() != null) {
            lower().cancel();
        }
    }

    /** The client has given up, or its connection is gone. */
    public final void gone(ResponseFlag flag, Details details) {
        exchange.cancelled(flag, details);
        released();
    }

    // Up, to the connection.

    @Override
    public final void responseHead(Http2Headers head, boolean end) {
        if (exchange.isOver() || answered) {
            return;
        }
        stamp.apply(head, exchange);
        exchange.responseStarted(head);
        if (end && exchange.info().format == CallFormat.GRPC && exchange.info().grpcStatus < 0) {
            noteStatus(head);
        }
        answered = end;
        writeHead(head, end);
        if (end) {
            finish();
        }
    }

    @Override
    public final void responseData(ByteBuf data, boolean end) {
        if (exchange.isOver() || answered) {
            data.release();
            return;
        }
        if (!end) {
            exchange.timer().touch();
        }
        exchange.info().bytesSent += data.readableBytes();
        if (exchange.info().format == CallFormat.GRPC) {
            messages().sent(data);
        }
        answered = end;
        writeData(data, end);
        if (end) {
            finish();
        }
    }

    @Override
    public final void responseTrailers(Http2Headers trailers) {
        if (exchange.isOver() || answered) {
            return;
        }
        exchange.info().responseTrailers = trailers;
        if (exchange.info().format == CallFormat.GRPC && exchange.info().grpcStatus < 0) {
            noteStatus(trailers);
        }
        answered = true;
        writeTrailers(trailers);
        finish();
    }

    @Override
    public final void responseAbort(LocalReply reason) {
        if (exchange.isOver() || answered) {
            return;
        }
        if (exchange.info().format == CallFormat.GRPC && canSendTrailers() && !isUpstreamLoss(reason)) {
            // A native client reads the status of a limit or of a shutdown from trailers wherever they come.
            Http2Headers trailers = new DefaultHttp2Headers(false);
            trailers.set(GrpcHeaders.STATUS, Integer.toString(reason.grpcStatus()));
            trailers.set(
                    GrpcHeaders.MESSAGE,
                    PercentEncoding.encode(exchange.explained(reason).message()));
            responseTrailers(trailers);
            return;
        }
        answered = true;
        exchange.info().ended(reason);
        exchange.info().aborted = true;
        abort();
        exchange.giveUpUpstream();
        finish();
    }

    @Override
    public final void requestWritable(boolean writable) {
        requestPaused = !writable;
        exchange.timer().requestWaits(!writable);
        if (writable) {
            stats.downstreamFlowControlResumedReadingTotal.increment();
            resumeRequest();
        } else {
            stats.downstreamFlowControlPausedReadingTotal.increment();
            pauseRequest();
        }
    }

    /** What the backend broke off is broken off here as well, as in Envoy: a native client makes a status of the reset. */
    private static boolean isUpstreamLoss(LocalReply reason) {
        return reason.flag() == ResponseFlag.UPSTREAM_REMOTE_RESET
                || reason.flag() == ResponseFlag.UPSTREAM_TERMINATION;
    }

    private void noteStatus(Http2Headers fields) {
        CharSequence status = fields.get(GrpcHeaders.STATUS);
        if (status != null) {
            exchange.info().grpcStatus = GrpcStatus.parse(status);
        }
    }

    private void finish() {
        finished();
        exchange.end();
    }

    protected abstract void writeHead(Http2Headers head, boolean end);

    protected abstract void writeData(ByteBuf data, boolean end);

    protected abstract void writeTrailers(Http2Headers trailers);

    protected abstract boolean canSendTrailers();

    /** Breaks the response off so that nobody takes it for complete. */
    protected abstract void abort();

    /** The response is complete or broken off. */
    protected abstract void finished();

    /** The exchange is over without a response: lets go of what waits to be written. */
    protected abstract void released();

    protected abstract void pauseRequest();

    protected abstract void resumeRequest();
}
