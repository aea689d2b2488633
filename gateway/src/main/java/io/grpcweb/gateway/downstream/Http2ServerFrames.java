package io.grpcweb.gateway.downstream;

import io.grpcweb.gateway.http.ConnectionInfo;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.HeaderBlock;
import io.grpcweb.gateway.http.Protocol;
import io.grpcweb.gateway.http.StreamInfo;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Headers.PseudoHeaderName;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.Locale;

/** Turns the frames of a client's HTTP/2 connection into exchanges. */
final class Http2ServerFrames extends Http2FrameAdapter {
    private final Http2Connection.PropertyKey streamKey;
    private final RequestCheck check;
    private final PreflightFree preflightFree;
    private final ResponseStamp stamp;
    private Http2ServerConnection connection;
    private ConnectionInfo info;

    Http2ServerFrames(Http2Connection.PropertyKey streamKey, HttpService service) {
        this.streamKey = streamKey;
        this.check = new RequestCheck(service.http());
        this.preflightFree = new PreflightFree(service.http().preflightFree());
        this.stamp = new ResponseStamp(service);
    }

    void readFor(Http2ServerConnection handler) {
        connection = handler;
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext ctx,
            int streamId,
            Http2Headers headers,
            int dependency,
            short weight,
            boolean exclusive,
            int padding,
            boolean end)
            throws Http2Exception {
        onHeadersRead(ctx, streamId, headers, padding, end);
    }

    @Override
    public void onHeadersRead(ChannelHandlerContext ctx, int streamId, Http2Headers headers, int padding, boolean end)
            throws Http2Exception {
        Http2Stream stream = connection.connection().stream(streamId);
        Http2ServerStream open = stream.getProperty(streamKey);
        if (open != null) {
            connection.stats().trailers.increment();
            if (!check.trailers(headers)) {
                throw Http2Exception.streamError(streamId, Http2Error.PROTOCOL_ERROR, "trailers above the limits");
            }
            open.receiveTrailers(headers);
            return;
        }
        String fault =
                HeaderBlock.requestFault(headers, connection.service().http().extendedConnect());
        if (fault != null) {
            throw Http2Exception.streamError(streamId, Http2Error.PROTOCOL_ERROR, fault);
        }
        connection.clock().busy();
        if (info == null) {
            info = ConnectionFacts.of(ctx.channel());
        }
        String upgrade = connection.service().http().extendedConnect() ? upgrade(headers) : null;
        boolean free = preflightFree.apply(headers);
        RequestCheck.Refusal refusal = check.http2(headers);
        if (refusal != null) {
            refuse(stream, headers, refusal, end);
            return;
        }
        if (headers.contains(HttpHeaderNames.EXPECT)) {
            headers.remove(HttpHeaderNames.EXPECT);
            if (!end) {
                connection.writeHead(stream, new DefaultHttp2Headers(false).status("100"), false, connection.promise());
                connection.scheduleFlush();
            }
        }
        if (upgrade != null) {
            headers.set(HttpHeaderNames.CONNECTION, "Upgrade").set(HttpHeaderNames.UPGRADE, upgrade);
        }
        HttpService service = connection.service();
        StreamInfo facts = new StreamInfo(info, System.nanoTime());
        facts.protocol = Protocol.HTTP_2;
        facts.requestHeaders = headers;
        facts.upgrade = upgrade;
        facts.preflightFree = free;
        facts.originalPath = headers.path().toString();
        Exchange exchange = service.begin(ctx.channel(), connection.timers(), facts);
        open = new Http2ServerStream(exchange, stamp, connection, stream);
        stream.setProperty(streamKey, open);
        if (end) {
            exchange.requestEnded();
        }
        open.begin(service, headers, end);
    }

    /**
     * RFC 8441: CONNECT with {@code :protocol} is what HTTP/1.1 writes as a GET with {@code upgrade}, and it is turned into
     * that. Null for any other request.
     */
    private static String upgrade(Http2Headers head) {
        CharSequence protocol = head.get(PseudoHeaderName.PROTOCOL.value());
        if (protocol == null || !"CONNECT".contentEquals(head.method())) {
            return null;
        }
        head.remove(PseudoHeaderName.PROTOCOL.value());
        head.method("GET");
        return protocol.toString().toLowerCase(Locale.ROOT);
    }

    /** Answers; a stream whose request has not ended is called off behind that (RFC 9113 section 8.1). */
    private void refuse(Http2Stream stream, Http2Headers request, RequestCheck.Refusal refusal, boolean ended) {
        ChannelPromise answered = answer(stream, request, refusal);
        if (!ended) {
            answered.addListener(sent -> connection.answeredEarly(stream));
        }
    }

    private ChannelPromise answer(Http2Stream stream, Http2Headers request, RequestCheck.Refusal refusal) {
        if (refusal.status() != 408) {
            (refusal.status() == 431 ? connection.stats().headerOverflow : connection.stats().rxMessagingError)
                    .increment();
        }
        HttpService.Refused refused = connection.service().refuse(refusal, request, info, Protocol.HTTP_2, stamp);
        ChannelPromise sent = connection.promise();
        if (refused.body().length > 0) {
            connection.writeHead(stream, refused.head(), false, connection.promise());
            connection.writeData(stream, Unpooled.wrappedBuffer(refused.body()), true, sent);
        } else {
            connection.writeHead(stream, refused.head(), true, sent);
        }
        connection.scheduleFlush();
        return sent;
    }

    /**
     * The head of a request that has begun does not come to its end. It is answered, but then the connection ends: nothing
     * else may come on it before the rest of the head (RFC 9113 section 6.10).
     */
    void headTimedOut(int streamId) {
        if (connection.connection().stream(streamId) != null) {
            // Trailers: the call has clocks of its own.
            return;
        }
        connection.service().stats().downstreamRqHeaderTimeout.increment();
        try {
            Http2Stream stream = connection.connection().remote().createStream(streamId, false);
            if (info == null) {
                info = ConnectionFacts.of(connection.context().channel());
            }
            answer(stream, new DefaultHttp2Headers(false), new RequestCheck.Refusal(408, "request header timeout"))
                    .addListener(sent -> {
                        connection.reset(streamId, Http2Error.NO_ERROR);
                        connection.endGracefully();
                    });
        } catch (Http2Exception e) {
            connection.onError(connection.context(), false, e);
        }
    }

    @Override
    public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings) throws Http2Exception {
        connection.settingsRead(settings);
    }

    @Override
    public void onPingAckRead(ChannelHandlerContext ctx, long data) {
        connection.keepalive().acknowledged();
    }

    @Override
    public int onDataRead(ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean end) {
        Http2ServerStream open = connection.connection().stream(streamId).getProperty(streamKey);
        return open == null ? 0 : open.dataRead(data, padding, end);
    }

    @Override
    public void onRstStreamRead(ChannelHandlerContext ctx, int streamId, long errorCode) {
        connection.stats().rxReset.increment();
        Http2Stream stream = connection.connection().stream(streamId);
        Http2ServerStream open = stream == null ? null : stream.getProperty(streamKey);
        if (open == null) {
            return;
        }
        open.resetByPeer();
    }
}
