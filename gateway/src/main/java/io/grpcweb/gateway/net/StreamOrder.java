package io.grpcweb.gateway.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.Arrays;

/**
 * Reads the frames of a client, which must come in order (RFC 9113 section 5.1): no HEADERS for a stream that the client has
 * ended, and none for one that it has passed over. Netty takes the first for trailers and resets the second, as if it had
 * been on its way when the gateway reset the stream. Which streams those are is kept here: what was on its way for them is
 * no fault of the client, and a script that uploads sends on until it has seen the response.
 */
final class StreamOrder extends DefaultHttp2FrameReader {
    /** How many streams that were given up are remembered: more than a client may have open. */
    private static final int REMEMBERED = 1024;

    private final Http2Connection connection;
    private final FrameBudget budget;
    private final SettingsLength settings = new SettingsLength();
    private boolean ended;
    private Http2FrameListener decorated;
    private Http2FrameListener listener;
    private int[] givenUp = new int[0];
    private int next;

    /** @param budget what the frames of the client are taken from */
    StreamOrder(Http2HeadersDecoder fields, Http2Connection connection, FrameBudget budget) {
        super(fields);
        this.connection = connection;
        this.budget = budget;
        connection.addListener(new Http2ConnectionAdapter() {
            @Override
            public void onStreamClosed(Http2Stream stream) {
                if (stream.isResetSent()) {
                    remember(stream.id());
                }
            }
        });
    }

    @Override
    public void readFrame(ChannelHandlerContext ctx, ByteBuf input, Http2FrameListener to) throws Http2Exception {
        if (to != decorated) {
            decorated = to;
            listener = new Checked(to);
        }
        if (ended) {
            input.skipBytes(input.readableBytes());
            return;
        }
        boolean whole = false;
        try {
            ended = true;
            settings.look(input);
            ended = false;
            super.readFrame(ctx, input, listener);
            whole = true;
        } finally {
            if (!whole) {
                settings.stopped();
            }
        }
    }

    private void remember(int id) {
        if (next == givenUp.length) {
            if (givenUp.length < REMEMBERED) {
                givenUp = Arrays.copyOf(givenUp, Math.max(16, 2 * givenUp.length));
            } else {
                next = 0;
            }
        }
        givenUp[next++] = id;
    }

    private boolean wasGivenUp(int id) {
        for (int one : givenUp) {
            if (one == id) {
                return true;
            }
        }
        return false;
    }

    private void check(int id) throws Http2Exception {
        Http2Stream stream = connection.stream(id);
        if (stream != null) {
            if (stream.state() == Http2Stream.State.HALF_CLOSED_REMOTE && !stream.isResetSent()) {
                throw Http2Exception.streamError(
                        id, Http2Error.STREAM_CLOSED, "HEADERS behind the end of stream %d", id);
            }
        } else if (connection.remote().isValidStreamId(id)
                && id <= connection.remote().lastStreamCreated()
                && !wasGivenUp(id)) {
            throw Http2Exception.connectionError(Http2Error.STREAM_CLOSED, "HEADERS for stream %d, which is over", id);
        }
    }

    private void overlook(Http2Exception.StreamException fault) throws Http2Exception {
        if (fault.error() != Http2Error.STREAM_CLOSED || !wasGivenUp(fault.streamId())) {
            throw fault;
        }
    }

    private final class Checked extends BoundedFrames {
        Checked(Http2FrameListener to) {
            super(to, budget);
        }

        @Override
        public int onDataRead(ChannelHandlerContext ctx, int id, ByteBuf data, int padding, boolean end)
                throws Http2Exception {
            try {
                return super.onDataRead(ctx, id, data, padding, end);
            } catch (Http2Exception.StreamException e) {
                overlook(e);
                return 0;
            }
        }

        @Override
        public void onHeadersRead(ChannelHandlerContext ctx, int id, Http2Headers headers, int padding, boolean end)
                throws Http2Exception {
            check(id);
            try {
                super.onHeadersRead(ctx, id, headers, padding, end);
            } catch (Http2Exception.StreamException e) {
                overlook(e);
            }
        }

        @Override
        public void onHeadersRead(
                ChannelHandlerContext ctx,
                int id,
                Http2Headers headers,
                int dependency,
                short weight,
                boolean exclusive,
                int padding,
                boolean end)
                throws Http2Exception {
            check(id);
            try {
                super.onHeadersRead(ctx, id, headers, dependency, weight, exclusive, padding, end);
            } catch (Http2Exception.StreamException e) {
                overlook(e);
            }
        }
    }
}
