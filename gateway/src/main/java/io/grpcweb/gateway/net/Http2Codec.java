package io.grpcweb.gateway.net;

import io.grpcweb.gateway.config.HttpConfig;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionDecoder;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionEncoder;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.DefaultHttp2LocalFlowController;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2HeadersEncoder.SensitivityDetector;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;

/** Netty's HTTP/2 for one connection, put together with our frame writer. */
public final class Http2Codec {
    /** A window is widened when half of it is used up, as Netty does by itself. */
    private static final float WINDOW_UPDATE_RATIO = 0.5f;

    private final WriteCoalescer coalescer = new WriteCoalescer();
    private final StreamMeters meters = new StreamMeters();
    private final Http2Connection connection;
    private final WaitingBytes waiting;
    private final Http2ConnectionEncoder encoder;
    private final Http2ConnectionDecoder decoder;

    private Http2Codec(
            boolean server,
            long headerListSize,
            HttpConfig.OutboundFrames outbound,
            HttpConfig.InboundFrames inbound,
            SensitivityDetector sensitive,
            int maxFaults) {
        connection = new DefaultHttp2Connection(server, 0);
        // Streams share the window evenly: priorities are deprecated (RFC 9113 section 5.3.2), and their tree costs.
        waiting = new WaitingBytes(connection, new UniformStreamByteDistributor(connection));
        connection.remote().flowController(new DefaultHttp2RemoteFlowController(connection, waiting));
        // Who does not read a stream withholds the credit of that stream. That of the connection is given back at once:
        // the other streams are somebody else's.
        connection.local().flowController(new DefaultHttp2LocalFlowController(connection, WINDOW_UPDATE_RATIO, true));
        MeteredFieldsEncoder fields = new MeteredFieldsEncoder(sensitive, !server);
        GatheringFrameWriter writer = new GatheringFrameWriter(fields, coalescer, meters);
        encoder = new FloodGuard(new DefaultHttp2ConnectionEncoder(connection, writer), outbound, maxFaults);
        ReceivedFieldsDecoder received = new ReceivedFieldsDecoder(headerListSize, server);
        decoder = new DefaultHttp2ConnectionDecoder(
                connection,
                encoder,
                server
                        ? new StreamOrder(received, connection, budget(inbound, writer))
                        : new DefaultHttp2FrameReader(received));
    }

    private static FrameBudget budget(HttpConfig.InboundFrames inbound, GatheringFrameWriter writer) {
        return new FrameBudget(inbound, writer::headersWritten, writer::dataWritten, writer::settingsWritten);
    }

    /**
     * The end of a client's connection.
     *
     * @param headerListSize bytes of a request's fields that are read before its stream is given up
     * @param outbound frames that may wait for a client that does not read
     * @param inbound frames that a client may send
     * @param maxFaults streams that may be reset within half a minute because the client broke the protocol
     */
    public static Http2Codec server(
            long headerListSize, HttpConfig.OutboundFrames outbound, HttpConfig.InboundFrames inbound, int maxFaults) {
        return new Http2Codec(true, headerListSize, outbound, inbound, (name, value) -> false, maxFaults);
    }

    /**
     * The end of a connection to a backend, whose limit of fields is the backend's to enforce.
     *
     * @param headerListSize bytes of a response's fields that are read before its stream is given up
     * @param outbound frames that may wait for a backend that does not read
     * @param sensitive which fields stay out of the backend's table of HPACK
     */
    public static Http2Codec client(
            long headerListSize, HttpConfig.OutboundFrames outbound, SensitivityDetector sensitive) {
        // A backend that is reset a lot is no attacker.
        return new Http2Codec(
                false, headerListSize, outbound, HttpConfig.InboundFrames.DEFAULT, sensitive, Integer.MAX_VALUE);
    }

    public Http2Connection connection() {
        return connection;
    }

    public Http2ConnectionEncoder encoder() {
        return encoder;
    }

    public Http2ConnectionDecoder decoder() {
        return decoder;
    }

    /** Counts what is sent; who follows the frames that come tells it of those. */
    public StreamMeters meters() {
        return meters;
    }

    /** What waits for the windows of streams. */
    public WaitingBytes waiting() {
        return waiting;
    }

    /** Belongs into the pipeline, before the handler that has this codec. */
    public WriteCoalescer coalescer() {
        return coalescer;
    }
}
