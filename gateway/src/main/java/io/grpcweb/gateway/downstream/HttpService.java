package io.grpcweb.gateway.downstream;

import io.grpcweb.gateway.config.ErrorFormat;
import io.grpcweb.gateway.config.HttpConfig;
import io.grpcweb.gateway.http.ConnectionInfo;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.ExchangeHandler;
import io.grpcweb.gateway.http.ExchangeObserver;
import io.grpcweb.gateway.http.ResponseFlag;
import io.grpcweb.gateway.http.StreamInfo;
import io.grpcweb.gateway.net.ConnectionClock;
import io.grpcweb.gateway.stats.Http2Stats;
import io.grpcweb.gateway.stats.HttpStats;
import io.netty.channel.Channel;
import io.netty.handler.codec.http2.Http2Headers;

/**
 * What the connections of one filter chain serve.
 *
 * @param chain name of the filter chain, or empty
 * @param http settings
 * @param errorFormat of errors of the gateway's own
 * @param handler where requests go
 * @param observer who is told of them
 * @param stats counts its connections
 * @param http2Stats counts what happens on them at the level of HTTP/2's frames
 * @param dates writes the date of answers
 * @param drain whether connections are to end
 */
public record HttpService(
        String chain,
        HttpConfig http,
        ErrorFormat errorFormat,
        ExchangeHandler handler,
        ExchangeObserver observer,
        HttpStats stats,
        Http2Stats http2Stats,
        DateClock dates,
        DrainState drain) {

    /** A request that was refused before it became an exchange; it is told of all the same. */
    void refused(ConnectionInfo connection, String protocol, Http2Headers answer, int bodyBytes) {
        StreamInfo info = new StreamInfo(connection, System.nanoTime());
        info.filterChain = chain.isEmpty() ? null : chain;
        info.protocol = protocol;
        info.responseHeaders = answer;
        info.responseCode = Exchange.status(answer);
        info.bytesSent = bodyBytes;
        info.details = protocol.equals("HTTP/2") ? "http2.violation.of.messaging.rule" : "http1.codec_error";
        info.flag(ResponseFlag.DOWNSTREAM_PROTOCOL_ERROR);
        info.endNanos = System.nanoTime();
        observer.started(info);
        observer.ended(info);
    }

    /** Ends a connection by the idle timeout or the age of the configuration. */
    ConnectionClock clock(Runnable end) {
        HttpConfig.Timeouts timeouts = http.timeouts();
        return new ConnectionClock(
                timeouts.connectionIdle(),
                timeouts.connectionMax(),
                () -> {
                    stats.downstreamCxIdleTimeout.increment();
                    end.run();
                },
                () -> {
                    stats.downstreamCxMaxDurationReached.increment();
                    end.run();
                });
    }

    Exchange begin(Channel channel, StreamInfo info) {
        info.filterChain = chain.isEmpty() ? null : chain;
        return new Exchange(info, http, errorFormat, channel.eventLoop(), channel.alloc(), observer);
    }
}
