package io.grpcweb.gateway.downstream;

import io.grpcweb.gateway.http.HttpFilter;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A whole exchange over an {@link EmbeddedChannel}: bytes of a request in, bytes of the answer out, with routes, CORS,
 * gRPC-Web, timers and telemetry. A room in place of the router answers, so that no socket takes part.
 */
@State(Scope.Thread)
public class ExchangeBenchmark {
    private static final String CALL = "POST /shop.Orders/Get HTTP/1.1\r\nhost: api.example\r\norigin: https://app.example\r\n"
            + "content-type: application/grpc-web+proto\r\nx-grpc-web: 1\r\ncontent-length: 105\r\n\r\n";
    private static final String PREFLIGHT = "OPTIONS /shop.Orders/Get HTTP/1.1\r\nhost: api.example\r\n"
            + "origin: https://app.example\r\naccess-control-request-method: POST\r\n"
            + "access-control-request-headers: content-type,x-grpc-web\r\n\r\n";

    private EmbeddedChannel browser;
    private ByteBuf call;
    private ByteBuf preflight;

    @Setup
    public void connect() throws Exception {
        browser = new EmbeddedGateway((exchange, head) -> new Answer()).connect();
        call = browser.alloc().buffer();
        call.writeCharSequence(CALL, StandardCharsets.US_ASCII);
        call.writeByte(0).writeInt(100).writeZero(100);
        preflight = browser.alloc().buffer();
        preflight.writeCharSequence(PREFLIGHT, StandardCharsets.US_ASCII);
    }

    @TearDown
    public void close() {
        browser.finishAndReleaseAll();
        call.release();
        preflight.release();
    }

    @Benchmark
    public int unary() {
        return exchange(call);
    }

    @Benchmark
    public int preflight() {
        return exchange(preflight);
    }

    private int exchange(ByteBuf request) {
        browser.writeInbound(request.retainedDuplicate());
        int bytes = 0;
        for (ByteBuf part = browser.readOutbound(); part != null; part = browser.readOutbound()) {
            bytes += part.readableBytes();
            part.release();
        }
        if (bytes == 0) {
            throw new IllegalStateException("no answer");
        }
        return bytes;
    }

    /** Answers a call with a message of 100 bytes and status 0, as a backend would. */
    private static final class Answer extends HttpFilter {
        @Override
        public void requestHead(Http2Headers head, boolean end) {}

        @Override
        public void requestData(ByteBuf data, boolean end) {
            if (!end) {
                data.release();
                return;
            }
            upper().responseHead(
                            new DefaultHttp2Headers(false).status("200").set("content-type", "application/grpc+proto"),
                            false);
            upper().responseData(data.alloc().buffer(105).writeByte(0).writeInt(100).writeZero(100), false);
            data.release();
            upper().responseTrailers(new DefaultHttp2Headers(false).set("grpc-status", "0"));
            upper().responseFlush();
        }

        @Override
        public void cancel() {}
    }
}
