package io.grpcweb.gateway.downstream.websocket;

import io.grpcweb.gateway.config.HttpConfig;
import io.grpcweb.gateway.downstream.DownstreamStream;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.ExchangeHandler;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.LocalReply;
import io.grpcweb.gateway.http.SocketUse;
import io.netty.handler.codec.http2.Http2Headers;

/**
 * Takes the WebSockets that carry calls out of what requests are handed to, and hands it their calls instead. Every other
 * request passes untouched.
 */
public final class WebSocketHandler implements ExchangeHandler {
    private static final String WEBSOCKET = "websocket";

    private final ExchangeHandler calls;
    private final HttpConfig http;

    private WebSocketHandler(ExchangeHandler calls, HttpConfig http) {
        this.calls = calls;
        this.http = http;
    }

    /** A handler in front of another one; that itself where no WebSocket carries calls. */
    public static ExchangeHandler around(ExchangeHandler calls, HttpConfig http) {
        return http.webSockets().calls() == HttpConfig.WebSockets.Calls.OFF ? calls : new WebSocketHandler(calls, http);
    }

    @Override
    public void handle(Exchange exchange, HttpFilter top, Http2Headers head, boolean end) {
        if (!WEBSOCKET.equals(exchange.info().upgrade) || !(top instanceof DownstreamStream stream)) {
            calls.handle(exchange, top, head, end);
            return;
        }
        Handshake handshake =
                Handshake.of(head, exchange.info().protocol, http.webSockets().deflates());
        SocketUse use = handshake == null ? SocketUse.TUNNEL : calls.socket(exchange, head);
        switch (use) {
            case TUNNEL -> calls.handle(exchange, top, head, end);
            case REFUSED -> exchange.reply(LocalReply.originRefused());
            case CALLS, CALLS_WITH_CREDENTIALS -> {
                if (handshake.fault() != null) {
                    exchange.reply(handshake.fault());
                } else {
                    new CallSocket(exchange, stream, calls, http, handshake).open();
                }
            }
        }
    }

    @Override
    public void refused(Http2Headers request, Http2Headers response) {
        calls.refused(request, response);
    }
}
