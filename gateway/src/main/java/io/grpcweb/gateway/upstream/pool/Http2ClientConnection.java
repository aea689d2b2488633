package io.grpcweb.gateway.upstream.pool;

import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.http.UpstreamFailure;
import io.grpcweb.gateway.net.Http2Endpoint;
import io.grpcweb.gateway.net.PingKeepalive;
import io.grpcweb.gateway.net.StreamMeters;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * An HTTP/2 connection to a backend. It is ready when the backend's SETTINGS have come, so that a peer that never speaks
 * or speaks something else is found out before a call is lost to it, and its stream limit is known.
 */
final class Http2ClientConnection extends Http2Endpoint implements UpstreamConnection {
    /** Envoy's last stream: numbers end at 2^31, and are given to odd streams alone (RFC 9113 section 5.1.1). */
    private static final int LAST_STREAM = (1 << 30) - 1;

    private final Http2Connection.PropertyKey streamKey;
    private final ClusterConfig cluster;
    private final PooledConnection pooled;
    private final StreamMeters meters;
    private final PingKeepalive keepalive;
    private final ResetDeadline resets = new ResetDeadline(this::deaf);
    private final List<Touched> touched = new ArrayList<>();
    private boolean draining;
    private String protocolError;
    private Future<?> acknowledgement;
    private boolean connectOffered;
    private boolean connectKnown;

    /** The bytes that are being read have the backend's first SETTINGS. */
    private boolean introducing;

    private int lastProcessed = Integer.MAX_VALUE;
    private long opened;

    /** A stream for which something came in this batch, and who is to be told of its end. */
    private record Touched(UpstreamCallback callback, Http2ClientStream stream) {}

    Http2ClientConnection(
            Http2ConnectionDecoder decoder,
            Http2ConnectionEncoder encoder,
            Http2Settings settings,
            ClusterConfig cluster,
            PooledConnection pooled,
            Http2Connection.PropertyKey streamKey,
            StreamMeters meters) {
        super(decoder, encoder, settings, cluster.http2().connectionWindow(), pooled.stats().http2);
        this.cluster = cluster;
        this.pooled = pooled;
        this.streamKey = streamKey;
        this.meters = meters;
        this.keepalive = new PingKeepalive(this, cluster.http2().keepalive(), this::unresponsive);
        connection().addListener(new Http2ConnectionAdapter() {
            @Override
            public void onStreamClosed(Http2Stream stream) {
                closed(stream);
            }

            @Override
            public void onGoAwayReceived(int lastStreamId, long errorCode, ByteBuf debugData) {
                lastProcessed = lastStreamId;
                draining = true;
                pooled.spent();
                closeIfDone();
            }
        });
        encoder.flowController().listener(stream -> {
            Http2ClientStream open = stream.getProperty(streamKey);
            if (open != null) {
                open.writabilityChanged();
            }
        });
    }

    StreamMeters meters() {
        return meters;
    }

    PingKeepalive keepalive() {
        return keepalive;
    }

    /** The backend has introduced itself; from now on it may have calls, but it has to go on speaking. */
    void settingsReceived() {
        introducing = true;
        keepalive.start();
        acknowledgement = context()
                .executor()
                .schedule(this::notAcknowledged, cluster.connectTimeout().toNanos(), TimeUnit.NANOSECONDS);
        pooled.ready(this);
    }

    void settingsAcknowledged() {
        alive();
    }

    /** The backend goes on speaking, which is all that is wanted: Envoy does not wait for acknowledgements either. */
    private void alive() {
        if (acknowledgement != null) {
            acknowledgement.cancel(false);
            acknowledgement = null;
        }
    }

    /** RFC 9113 section 6.5.3. Calls that wait for a response go on; others are better off elsewhere. */
    private void notAcknowledged() {
        acknowledgement = null;
        String fault = "sends HTTP/2 SETTINGS and nothing else within "
                + cluster.connectTimeout().toMillis() + " ms";
        if (connection().numActiveStreams() == 0) {
            giveUp(fault, Http2Error.SETTINGS_TIMEOUT);
        } else {
            pooled.complain(fault);
            draining = true;
            pooled.spent();
        }
    }

    /** No answer to PING frames. */
    private void unresponsive() {
        pooled.stats().http2.keepaliveTimeout.increment();
        giveUp(
                "does not answer a PING within "
                        + cluster.http2().keepalive().timeout().toMillis() + " ms",
                Http2Error.NO_ERROR);
    }

    /** It reads nothing, not even that calls were given up. */
    private void deaf() {
        pooled.complain("does not read what it is sent");
        draining = true;
        pooled.spent();
        context().close();
    }

    /** Gives a call up. */
    void giveUp(int id, Http2Error code) {
        resetStream(context(), id, code.code(), promise());
        resets.written(context());
        scheduleFlush();
    }

    private void giveUp(String fault, Http2Error code) {
        pooled.complain(fault);
        draining = true;
        pooled.spent();
        goAway(context(), 0, code.code(), Unpooled.EMPTY_BUFFER, promise());
        context().flush();
        context().close();
    }

    /** The backend speaks another protocol. */
    void notHttp2(String fault) {
        pooled.complain(fault);
        draining = true;
        pooled.broken(UpstreamFailure.PROTOCOL_ERROR, fault);
        context().close();
    }

    /** The backend's settings have changed; there may be room now. */
    void settingsChanged() {
        pooled.roomMade();
    }

    /** RFC 8441 section 3: once offered, extended CONNECT may be used. */
    void connectSetting(boolean offered) {
        connectKnown = true;
        connectOffered |= offered;
    }

    /**
     * Whether a stream that is about to begin may ask for another protocol. A backend that names the setting without offering
     * it may take the request all the same (libraries send the initial value first), so it is asked as Envoy asks it: over a
     * connection that no other call is on or will be on, in case it ends the connection instead.
     */
    boolean mayChangeProtocol() {
        if (changesProtocolAlone() && connection().numActiveStreams() == 0) {
            draining = true;
            pooled.spent();
            return true;
        }
        return connectOffered;
    }

    @Override
    public boolean changesProtocolAlone() {
        return connectKnown && !connectOffered;
    }

    /** A stream was given up before anything was sent on it. */
    void unused() {
        if (draining) {
            closeIfDone();
        } else {
            context().executor().execute(pooled::roomMade);
        }
    }

    @Override
    public boolean isShut() {
        return !isSpent() && connection().local().maxActiveStreams() == 0;
    }

    // For the pool.

    @Override
    public boolean hasRoom() {
        return !isSpent()
                && connection().numActiveStreams() < cluster.http2().maxConcurrentStreams()
                && connection().local().canOpenStream();
    }

    @Override
    public boolean isSpent() {
        return draining || !context().channel().isActive();
    }

    @Override
    public void open(UpstreamCallback callback) {
        int id = connection().local().incrementAndGetNextStreamId();
        Http2ClientStream stream = new Http2ClientStream(this, id, callback);
        opened++;
        if (id >= LAST_STREAM || opened >= cluster.requestsPerConnection().orElse(Integer.MAX_VALUE)) {
            draining = true;
            pooled.spent();
        }
        callback.opened(stream);
    }

    @Override
    public int active() {
        return connection().numActiveStreams();
    }

    @Override
    public long served() {
        return opened;
    }

    @Override
    public void drain() {
        draining = true;
        closeIfDone();
    }

    private void closeIfDone() {
        if (draining && connection().numActiveStreams() == 0) {
            context().channel().eventLoop().execute(() -> {
                if (connection().numActiveStreams() == 0) {
                    context().close();
                }
            });
        }
    }

    // For streams.

    Http2Stream writeHead(Http2ClientStream owner, Http2Headers head, boolean end) {
        keepalive.beforeCall();
        ChannelPromise promise = promise();
        encoder().writeHeaders(context(), owner.id(), head, 0, end, promise);
        Http2Stream stream = connection().stream(owner.id());
        if (stream == null) {
            meters.closed(owner.id());
            owner.fail(UpstreamFailure.CONNECTION_TERMINATION, -1, true, String.valueOf(promise.cause()));
            return null;
        }
        stream.setProperty(streamKey, owner);
        scheduleFlush();
        return stream;
    }

    void touched(UpstreamCallback callback, Http2ClientStream stream) {
        touched.add(new Touched(callback, stream));
    }

    /** A header block that will never be complete. */
    void brokenBlock(String text) {
        onError(context(), false, Http2Exception.connectionError(Http2Error.PROTOCOL_ERROR, text));
    }

    /** A response that is not HTTP/2. */
    void malformed(int id, String text) {
        onError(context(), false, Http2Exception.streamError(id, Http2Error.PROTOCOL_ERROR, text));
    }

    // Reading.

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        for (int i = 0; i < touched.size(); i++) {
            Touched one = touched.get(i);
            one.stream.untouched();
            one.callback.readComplete();
        }
        touched.clear();
        keepalive.heard();
        if (introducing) {
            introducing = false;
        } else if (acknowledgement != null) {
            alive();
        }
        super.channelReadComplete(ctx);
    }

    private void closed(Http2Stream stream) {
        meters.closed(stream.id());
        Http2ClientStream open = stream.getProperty(streamKey);
        if (open != null) {
            if (stream.id() > lastProcessed) {
                open.fail(UpstreamFailure.REFUSED_STREAM, -1, true, "GOAWAY");
            } else if (protocolError != null) {
                open.fail(UpstreamFailure.PROTOCOL_ERROR, -1, false, protocolError);
            } else {
                open.fail(UpstreamFailure.CONNECTION_TERMINATION, -1, false, null);
            }
        }
        if (draining) {
            closeIfDone();
        } else {
            pooled.roomMade();
        }
    }

    @Override
    protected void onStreamError(
            ChannelHandlerContext ctx, boolean outbound, Throwable cause, Http2Exception.StreamException error) {
        Http2Stream stream = connection().stream(error.streamId());
        Http2ClientStream open = stream == null ? null : stream.getProperty(streamKey);
        if (stream == null && !outbound && connection().local().mayHaveCreatedStream(error.streamId())) {
            // What was on its way when a call was given up is ignored (RFC 9113 section 5.1): Netty would answer every
            // frame with another RST_STREAM, which backends count as an attack.
            return;
        }
        if (open == null || !open.isLive()) {
            // Something late for a stream that was given up.
            super.onStreamError(ctx, outbound, cause, error);
            return;
        }
        pooled.complain("breaks HTTP/2: " + error.getMessage());
        // A backend that breaks the protocol gets no more calls here; those that are open may end.
        draining = true;
        pooled.spent();
        open.fail(UpstreamFailure.PROTOCOL_ERROR, -1, false, error.getMessage());
        if (connection().numActiveStreams() > 1) {
            super.onStreamError(ctx, outbound, cause, error);
        } else {
            ctx.close();
        }
    }

    @Override
    protected void onConnectionError(
            ChannelHandlerContext ctx, boolean outbound, Throwable cause, Http2Exception error) {
        String reason = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        draining = true;
        if (isPeersFault(cause)) {
            pooled.complain("breaks HTTP/2: " + reason);
            protocolError = reason;
            pooled.broken(UpstreamFailure.PROTOCOL_ERROR, reason);
        } else {
            // A write that met a socket which the backend had closed, or a fault of our own.
            pooled.broken(UpstreamFailure.CONNECTION_TERMINATION, reason);
        }
        super.onConnectionError(ctx, outbound, cause, error);
        ctx.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        keepalive.stop();
        resets.stop();
        if (acknowledgement != null) {
            acknowledgement.cancel(false);
        }
        super.channelInactive(ctx);
        pooled.closed();
    }
}
