package io.grpcweb.gateway.net;

import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionDecoder;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionEncoder;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2HeadersEncoder.SensitivityDetector;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;

/** Netty's HTTP/2 for one connection, put together with our frame writer. */
public final class Http2Codec {
    /** Envoy's limit of acknowledgements and resets that wait for a peer which does not read. */
    private static final int QUEUED_CONTROL_FRAMES = 1000;

    private final WriteCoalescer coalescer = new WriteCoalescer();
    private final Http2Connection connection;
    private final Http2ConnectionEncoder encoder;
    private final Http2ConnectionDecoder decoder;

    private Http2Codec(boolean server, long headerListSize, SensitivityDetector sensitive, int maxFaults) {
        connection = new DefaultHttp2Connection(server, 0);
        // Streams share the window evenly: priorities are deprecated (RFC 9113 section 5.3.2), and their tree costs.
        connection
                .remote()
                .flowController(
                        new DefaultHttp2RemoteFlowController(connection, new UniformStreamByteDistributor(connection)));
        DefaultHttp2HeadersEncoder fields = new DefaultHttp2HeadersEncoder(sensitive, !server);
        encoder = new FloodGuard(
                new DefaultHttp2ConnectionEncoder(connection, new GatheringFrameWriter(fields, coalescer)),
                QUEUED_CONTROL_FRAMES,
                maxFaults);
        decoder = new DefaultHttp2ConnectionDecoder(
                connection, encoder, new DefaultHttp2FrameReader(new ReceivedFieldsDecoder(headerListSize)));
    }

    /**
     * The end of a browser's connection.
     *
     * @param headerListSize bytes of a request's fields that are read before its stream is given up
     * @param maxFaults streams that may be reset within half a minute because the browser broke the protocol
     */
    public static Http2Codec server(long headerListSize, int maxFaults) {
        return new Http2Codec(true, headerListSize, (name, value) -> false, maxFaults);
    }

    /**
     * The end of a connection to a backend, whose limit of fields is the backend's to enforce.
     *
     * @param headerListSize bytes of an answer's fields that are read before its stream is given up
     * @param sensitive which fields stay out of the backend's table of HPACK
     */
    public static Http2Codec client(long headerListSize, SensitivityDetector sensitive) {
        // A backend that is reset a lot is no attacker.
        return new Http2Codec(false, headerListSize, sensitive, Integer.MAX_VALUE);
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

    /** Belongs into the pipeline, before the handler that has this codec. */
    public WriteCoalescer coalescer() {
        return coalescer;
    }
}
