package io.grpcweb.gateway.filter.streamrotation;

import io.grpcweb.gateway.filter.CallEnd;
import io.grpcweb.gateway.http.CallFormat;
import io.grpcweb.gateway.http.Details;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.FrameScanner;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.LocalReply;
import io.grpcweb.gateway.http.MediaType;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Ends a response that is too old or too long with status 14, between two of its messages. One that has not begun is left alone: what
 * the backend did for it nobody would learn.
 */
final class StreamRotationFilter extends HttpFilter {
    private static final Details ROTATED = Details.of("stream_rotated");

    private final Exchange exchange;
    private final StreamRotationConfig config;
    private final FrameScanner frames = new FrameScanner();
    private long bytes;
    private Future<?> clock;
    private boolean follows;
    private boolean due;
    private boolean ended;

    StreamRotationFilter(Exchange exchange, StreamRotationConfig config) {
        this.exchange = exchange;
        this.config = config;
    }

    @Override
    public void requestHead(Http2Headers head, boolean end) {
        if (!isGrpc(head)) {
            exchange.reply(CallEnd.misplaced(config.name()));
            return;
        }
        lower().requestHead(head, end);
    }

    private static boolean isGrpc(Http2Headers head) {
        return MediaType.formatOf(head.get(HttpHeaderNames.CONTENT_TYPE)) == CallFormat.GRPC;
    }

    @Override
    public void responseHead(Http2Headers head, boolean end) {
        follows = !end && exchange.localReply() == null && "200".contentEquals(head.status()) && isGrpc(head);
        if (follows && !config.age().isZero()) {
            long passed = System.nanoTime() - exchange.info().startNanos;
            long age = config.ageNanos(ThreadLocalRandom.current().nextDouble());
            clock = exchange.executor().schedule(this::aged, Math.max(0, age - passed), TimeUnit.NANOSECONDS);
            exchange.atEnd(this::stop);
        }
        upper().responseHead(head, end);
    }

    private void aged() {
        due = true;
        if (!ended && !exchange.isOver() && exchange.localReply() == null && frames.atBoundary()) {
            end();
            upper().responseFlush();
        }
    }

    @Override
    public void responseData(ByteBuf data, boolean end) {
        if (!follows) {
            upper().responseData(data, end);
        } else if (ended) {
            data.release();
        } else if (isFarFromDue(data)) {
            bytes += data.readableBytes();
            frames.scan(data);
            upper().responseData(data, end);
        } else {
            lastPart(data, end);
        }
    }

    private boolean isFarFromDue(ByteBuf data) {
        return !due && (config.bytes() == 0 || bytes + data.readableBytes() < config.bytes());
    }

    /** The response ends behind the message with which it is too old or too long. */
    private void lastPart(ByteBuf data, boolean end) {
        int at = data.readerIndex();
        while (at < data.writerIndex() && !(isDue() && frames.atBoundary())) {
            int behind = frames.step(data, at, data.writerIndex());
            bytes += behind - at;
            at = behind;
        }
        boolean rotate = isDue() && frames.atBoundary() && !end;
        if (rotate) {
            data.writerIndex(at);
        }
        if (data.isReadable() || end) {
            upper().responseData(data, end);
        } else {
            data.release();
        }
        if (rotate && !exchange.isOver()) {
            end();
        }
    }

    private boolean isDue() {
        return due || config.bytes() > 0 && bytes >= config.bytes();
    }

    private void end() {
        ended = true;
        String limit = due ? "age" : "bytes";
        LocalReply reply = LocalReply.denied(
                503, "the stream ends by " + config.name() + "." + limit + " of the gateway: open it again", ROTATED);
        CallEnd.with(exchange, reply, upper());
    }

    @Override
    public void responseTrailers(Http2Headers trailers) {
        if (!ended) {
            upper().responseTrailers(trailers);
        }
    }

    @Override
    public void responseAbort(LocalReply reason) {
        if (!ended) {
            upper().responseAbort(reason);
        }
    }

    private void stop() {
        clock.cancel(false);
    }
}
