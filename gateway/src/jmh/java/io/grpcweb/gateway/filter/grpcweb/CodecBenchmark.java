package io.grpcweb.gateway.filter.grpcweb;

import io.grpcweb.gateway.http.FrameScanner;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Base64;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The gRPC-Web codec on one message: what a frame costs, in both forms and both directions. */
@State(Scope.Thread)
public class CodecBenchmark {
    /** Bytes of the message, without its prefix of five. */
    @Param({"100", "65536"})
    public int messageBytes;

    private final ByteBufAllocator allocator = PooledByteBufAllocator.DEFAULT;
    private final FrameScanner scanner = new FrameScanner();
    private final TextEncoder encoder = new TextEncoder(new FrameScanner());
    private final QuartetDecoder decoder = new QuartetDecoder();
    private final Http2Headers trailers =
            new DefaultHttp2Headers(false).set("grpc-status", "0").set("x-request-cost", "17");
    private ByteBuf frame;
    private ByteBuf text;

    @Setup
    public void prepare() {
        frame = allocator.buffer().writeByte(0).writeInt(messageBytes).writeZero(messageBytes);
        byte[] bytes = new byte[frame.readableBytes()];
        frame.getBytes(0, bytes);
        byte[] encoded = Base64.getEncoder().encode(bytes);
        text = allocator.buffer().writeBytes(encoded);
    }

    @TearDown
    public void release() {
        frame.release();
        text.release();
    }

    @Benchmark
    public long followFrames() {
        scanner.scan(frame);
        return scanner.messages();
    }

    @Benchmark
    public int encodeText() {
        ByteBuf out = encoder.encode(frame.duplicate(), allocator);
        int bytes = out.readableBytes();
        out.release();
        return bytes;
    }

    @Benchmark
    public int decodeText() {
        ByteBuf out = decoder.decode(text, allocator);
        int bytes = out.readableBytes();
        out.release();
        return bytes;
    }

    @Benchmark
    public int writeTrailers() {
        ByteBuf out = TrailersFrame.of(trailers, allocator);
        int bytes = out.readableBytes();
        out.release();
        return bytes;
    }
}
