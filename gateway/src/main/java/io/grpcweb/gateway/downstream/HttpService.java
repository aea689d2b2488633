package io.grpcweb.gateway.downstream;

import io.grpcweb.gateway.config.ErrorFormat;
import io.grpcweb.gateway.config.HttpConfig;
import io.grpcweb.gateway.config.OverloadConfig.Kind;
import io.grpcweb.gateway.config.OverloadConfig.Timer;
import io.grpcweb.gateway.http.ConnectionInfo;
import io.grpcweb.gateway.http.Details;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.ExchangeHandler;
import io.grpcweb.gateway.http.ExchangeObserver;
import io.grpcweb.gateway.http.ExchangeTimers;
import io.grpcweb.gateway.http.LocalReplies;
import io.grpcweb.gateway.http.LocalReply;
import io.grpcweb.gateway.http.Protocol;
import io.grpcweb.gateway.http.ResponseFlag;
import io.grpcweb.gateway.http.StreamInfo;
import io.grpcweb.gateway.net.ConnectionClock;
import io.grpcweb.gateway.overload.Load;
import io.grpcweb.gateway.stats.Http2Stats;
import io.grpcweb.gateway.stats.HttpStats;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * What the connections of one filter chain serve.
 *
 * @param chain name of the filter chain, or empty
 * @param http settings
 * @param errorFormat of local replies
 * @param handler where requests go
 * @param replies changes local replies
 * @param observer who is told of them
 * @param stats counts its connections
 * @param http2Stats counts what happens on them at the level of HTTP/2's frames
 * @param dates writes the date of responses
 * @param drain whether connections are to end
 * @param load how short the process runs
 */
public record HttpService(
        String chain,
        HttpConfig http,
        ErrorFormat errorFormat,
        ExchangeHandler handler,
        LocalReplies replies,
        ExchangeObserver observer,
        HttpStats stats,
        Http2Stats http2Stats,
        DateClock dates,
        DrainState drain,
        Load load) {

    /** A response that is ready to be written. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Refused(Http2Headers head, byte[] body) {}

    /**
     * The response to a request that is refused before it becomes an exchange; it is told of all the same.
     *
     * @param request as far as it was understood; may be empty
     */
    Refused refuse(
            RequestCheck.Refusal refusal,
            Http2Headers request,
            ConnectionInfo connection,
            Protocol protocol,
            ResponseStamp stamp) {
        StreamInfo info = new StreamInfo(connection, System.nanoTime());
        info.filterChain = chain.isEmpty() ? null : chain;
        info.protocol = protocol;
        info.requestHeaders = new DefaultHttp2Headers(false);
        if (refusal.details() == Details.PATH_REFUSED) {
            // As in Envoy, which judges this as it judges other paths.
            info.details = refusal.details();
        } else {
            info.details = protocol == Protocol.HTTP_2 ? Details.HTTP2_VIOLATION : refusal.details();
            info.flag(ResponseFlag.DOWNSTREAM_PROTOCOL_ERROR);
        }
        Http2Headers head = new DefaultHttp2Headers(false).status(Integer.toString(refusal.status()));
        LocalReply reply = replies.rewrite(LocalReply.refused(refusal.status(), refusal.body()), head, info);
        byte[] body = reply.message().getBytes(StandardCharsets.UTF_8);
        head.set(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(body.length));
        if (body.length > 0 && !head.contains(HttpHeaderNames.CONTENT_TYPE)) {
            head.set(HttpHeaderNames.CONTENT_TYPE, "text/plain");
        }
        handler.refused(request, head);
        stamp.apply(head, null);
        info.responseHeaders = head;
        info.responseCode = Exchange.status(head);
        info.bytesSent = body.length;
        info.endNanos = System.nanoTime();
        observer.started(info);
        observer.ended(info);
        return new Refused(head, body);
    }

    /** Ends a connection by the idle timeout or the age of the configuration. */
    ConnectionClock clock(Runnable end) {
        HttpConfig.Timeouts timeouts = http.timeouts();
        return new ConnectionClock(
                () -> load.nanos(
                        Timer.CONNECTION_IDLE, timeouts.connectionIdle().toNanos()),
                () -> load.nanos(Timer.CONNECTION_MAX, timeouts.connectionMax().toNanos()),
                () -> {
                    stats.downstreamCxIdleTimeout.increment();
                    end.run();
                },
                () -> {
                    stats.downstreamCxMaxDurationReached.increment();
                    end.run();
                });
    }

    /** The timers of a new connection's exchanges. */
    ExchangeTimers timers(EventLoop loop) {
        return new ExchangeTimers(loop, nanos -> load.nanos(Timer.STREAM_IDLE, nanos));
    }

    /** How long the peer may leave a complete response untouched. */
    Duration flush(Duration configured) {
        long nanos = load.nanos(Timer.STREAM_FLUSH, configured.toNanos());
        return nanos == configured.toNanos() ? configured : Duration.ofNanos(nanos);
    }

    /** Whether a connection is to end with its response, since the process runs short. */
    boolean isKeepaliveDisabled() {
        boolean disabled = load.hits(Kind.DISABLE_HTTP_KEEPALIVE);
        if (disabled) {
            stats.downstreamCxOverloadDisableKeepalive.increment();
        }
        return disabled;
    }

    Exchange begin(Channel channel, ExchangeTimers timers, StreamInfo info) {
        info.filterChain = chain.isEmpty() ? null : chain;
        return new Exchange(info, http, errorFormat, timers, channel.alloc(), observer);
    }
}
