package io.grpcweb.gateway.telemetry.export;

import io.grpcweb.gateway.config.CollectorConfig;
import io.grpcweb.gateway.config.HeaderRules;
import io.grpcweb.gateway.http.GrpcStatus;
import io.grpcweb.gateway.http.SideAnswer;
import io.grpcweb.gateway.http.SideCalls;
import io.grpcweb.gateway.http.SideFailure;
import io.grpcweb.gateway.http.SideObserver;
import io.grpcweb.gateway.http.SideRequest;
import io.grpcweb.gateway.http.UnaryCalls;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.function.Consumer;

/** A service that takes batches, over gRPC or in the body of a POST. */
final class Collector {
    /** OTLP's, for what has none of its own: a collector that hangs must not keep a call for ever. */
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    /** What such a service answers is of no use. */
    private static final int MOST_BYTES = 64 * 1024;

    private final CollectorConfig config;
    private final SideCalls calls;
    private final String method;
    private final Duration timeout;

    /**
     * A service that has not been called.
     *
     * @param method of gRPC, {@code /package.Service/Method}
     */
    Collector(CollectorConfig config, String method, SideCalls calls) {
        this.config = config;
        this.calls = calls;
        this.method = method;
        this.timeout = config.timeout().isZero() ? TIMEOUT : config.timeout();
    }

    String cluster() {
        return config.cluster();
    }

    /**
     * Sends a message.
     *
     * @param ended is told once what went wrong; null for nothing
     */
    void send(EventExecutor loop, byte[] message, Consumer<String> ended) {
        Http2Headers head = new DefaultHttp2Headers(false);
        for (HeaderRules.Add field : config.fields()) {
            head.add(field.name(), field.value());
        }
        ByteBuf body = Unpooled.wrappedBuffer(message);
        if (config instanceof CollectorConfig.Http http) {
            head.method("POST").path(http.path());
            if (!http.authority().isEmpty()) {
                head.authority(http.authority());
            }
            head.set(HttpHeaderNames.CONTENT_TYPE, "application/x-protobuf");
            calls.call(loop, SideRequest.of(config.cluster(), head, body, timeout, MOST_BYTES), new Posted(ended));
        } else {
            new UnaryCalls(calls)
                    .call(
                            loop,
                            new UnaryCalls.Method(config.cluster(), config.authority(), method, timeout, MOST_BYTES),
                            head,
                            body,
                            new Called(ended));
        }
    }

    private record Posted(Consumer<String> ended) implements SideObserver {
        @Override
        public void answered(SideAnswer answer) {
            ended.accept(answer.status() / 100 == 2 ? null : "HTTP status " + answer.status());
        }

        @Override
        public void failed(SideFailure failure, String reason) {
            ended.accept(failure + ", " + reason);
        }

        @Override
        public void broken(Throwable fault) {
            throw new IllegalStateException(fault);
        }
    }

    private record Called(Consumer<String> ended) implements UnaryCalls.Observer {
        @Override
        public void answered(ByteBuf lent) {
            ended.accept(null);
        }

        @Override
        public void failed(GrpcStatus status, String message) {
            ended.accept(status + ", " + message);
        }

        @Override
        public void broken(Throwable fault) {
            throw new IllegalStateException(fault);
        }
    }
}
