package io.grpcweb.gateway.downstream;

import io.grpcweb.gateway.config.ErrorFormat;
import io.grpcweb.gateway.config.HttpConfig;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.ExchangeHandler;
import io.grpcweb.gateway.http.ExchangeObserver;
import io.grpcweb.gateway.http.StreamInfo;
import io.grpcweb.gateway.stats.HttpStats;
import io.netty.channel.Channel;

/**
 * What the connections of one filter chain serve.
 *
 * @param http settings
 * @param errorFormat of errors of the gateway's own
 * @param handler where requests go
 * @param observer who is told of them
 * @param stats counts its connections
 * @param clock writes the date of answers
 * @param drain whether connections are to end
 */
public record HttpService(
        HttpConfig http,
        ErrorFormat errorFormat,
        ExchangeHandler handler,
        ExchangeObserver observer,
        HttpStats stats,
        DateClock clock,
        DrainState drain) {

    Exchange begin(Channel channel, StreamInfo info) {
        return new Exchange(info, http, errorFormat, channel.eventLoop(), channel.alloc(), observer);
    }
}
