package io.grpcweb.gateway.telemetry;

import io.grpcweb.gateway.http.CallFormat;
import io.grpcweb.gateway.http.ExchangeObserver;
import io.grpcweb.gateway.http.Protocol;
import io.grpcweb.gateway.http.StreamInfo;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.util.AsciiString;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** Recognises from calls what is wrong with the set-up around them. */
final class SetupHints implements ExchangeObserver {
    private static final AsciiString USER_AGENT = AsciiString.cached("x-user-agent");
    private static final String OFFICIAL = "grpc-web-javascript";

    /** A stream that is over sooner is as good as live. */
    private static final long SEEN_LATE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Hints hints;
    private final PageStreams streams = new PageStreams();
    private final boolean inContainer;

    SetupHints(Hints hints, boolean inContainer) {
        this.hints = hints;
        this.inContainer = inContainer;
    }

    @Override
    public void started(StreamInfo info) {
        if (info.protocol != Protocol.HTTP_1_1 || info.onWebSocket) {
            return;
        }
        CharSequence origin = info.requestHeaders.get(HttpHeaderNames.ORIGIN);
        if (origin != null && "POST".contentEquals(info.requestHeaders.method()) && streams.opened(origin, info)) {
            hints.tell(Hint.SIX_STREAMS, "origin", origin);
        }
    }

    @Override
    public void ended(StreamInfo info) {
        if (info.countedFor != null) {
            streams.closed(info);
        }
        if (info.upstreamFailure != null && info.cluster != null) {
            backend(info, info.upstreamFailure);
        } else if (info.format == CallFormat.GRPC_WEB && info.responseMessages > 1) {
            delivery(info);
        }
    }

    /** How many pages with open calls are remembered. */
    int pages() {
        return streams.size();
    }

    private void backend(StreamInfo info, String failure) {
        if (failure.startsWith("speaks HTTP/1 ")) {
            hints.tell(Hint.BACKEND_SPEAKS_HTTP1, "cluster", info.cluster);
        } else if (failure.startsWith("speaks TLS ")) {
            hints.tell(Hint.BACKEND_WANTS_TLS, "cluster", info.cluster);
        } else if (failure.startsWith("TLS_error: not an SSL/TLS record")) {
            hints.tell(Hint.BACKEND_IS_CLEARTEXT, "cluster", info.cluster);
        } else if (inContainer
                && info.upstreamRemote instanceof InetSocketAddress remote
                && remote.getAddress() != null
                && remote.getAddress().isLoopbackAddress()
                && info.upstreamConnectionId == 0) {
            hints.tell(Hint.LOOPBACK_IN_CONTAINER, "cluster", info.cluster);
        }
    }

    /** XMLHttpRequest shows a binary body when it is whole. */
    private void delivery(StreamInfo info) {
        if (info.onWebSocket || info.endNanos - info.firstResponseByteNanos < SEEN_LATE_NANOS) {
            return;
        }
        CharSequence agent = info.requestHeaders.get(USER_AGENT);
        CharSequence origin = info.requestHeaders.get(HttpHeaderNames.ORIGIN);
        if (agent != null && origin != null && agent.toString().startsWith(OFFICIAL)) {
            hints.tell(Hint.NO_LIVE_DELIVERY, "origin", origin);
        }
    }
}
