package io.grpcweb.gateway.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;

/** gRPC calls of the gateway's own with one message each way (grpc doc/PROTOCOL-HTTP2.md). */
public final class UnaryCalls {
    private final SideCalls calls;

    public UnaryCalls(SideCalls calls) {
        this.calls = calls;
    }

    /** A method of a service that the gateway calls. */
    public interface Observer {

        /**
         * The status is 0.
         *
         * @param lent the message, valid during the call
         */
        void answered(ByteBuf lent);

        /** There is another status, or none. */
        void failed(GrpcStatus status, String message);

        /** One of the two methods above has thrown this; mostly {@link Exchange#broken} of the exchange that waits. */
        void broken(Throwable fault);
    }

    /**
     * A method, and how it is called.
     *
     * @param cluster name of the cluster
     * @param authority of the service; empty for the name of the cluster
     * @param path {@code /package.Service/Method}
     * @param timeout from the beginning to the end of a call, told to the service as well; zero means for ever
     * @param mostBytes of a message that is a response
     */
    public record Method(String cluster, String authority, String path, Duration timeout, int mostBytes) {}

    /**
     * Begins a call; see {@link SideCalls#call}.
     *
     * @param message without its prefix; is taken over
     */
    public SideCall call(EventExecutor loop, Method method, ByteBuf message, Observer observer) {
        return call(loop, method, new DefaultHttp2Headers(false), message, observer);
    }

    /** The same with metadata, to which the fields of the call are added. */
    public SideCall call(EventExecutor loop, Method method, Http2Headers metadata, ByteBuf message, Observer observer) {
        metadata.method("POST").path(method.path());
        if (!method.authority().isEmpty()) {
            metadata.authority(method.authority());
        }
        metadata.set(HttpHeaderNames.CONTENT_TYPE, "application/grpc");
        metadata.set(HttpHeaderNames.TE, HttpHeaderValues.TRAILERS);
        if (!method.timeout().isZero()) {
            metadata.set(
                    GrpcHeaders.TIMEOUT, GrpcTimeout.format(method.timeout().toNanos()));
        }
        ByteBuf prefix = Unpooled.buffer(FrameScanner.PREFIX).writeByte(0).writeInt(message.readableBytes());
        SideRequest request = new SideRequest(
                method.cluster(), metadata, Unpooled.wrappedBuffer(prefix, message), method.timeout(), (int)
                        Math.min(Integer.MAX_VALUE, (long) method.mostBytes() + FrameScanner.PREFIX));
        return calls.call(loop, request, new UnaryAnswer(observer));
    }
}
