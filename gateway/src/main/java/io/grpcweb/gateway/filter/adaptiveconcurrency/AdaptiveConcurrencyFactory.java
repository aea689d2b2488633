package io.grpcweb.gateway.filter.adaptiveconcurrency;

import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.HttpFilterFactory;
import io.netty.handler.codec.http2.Http2Headers;

/** A limit, and the filters that share it. */
final class AdaptiveConcurrencyFactory implements HttpFilterFactory {
    private final AdaptiveConcurrencyConfig config;
    private final GradientController controller;

    AdaptiveConcurrencyFactory(AdaptiveConcurrencyConfig config, GradientController controller) {
        this.config = config;
        this.controller = controller;
    }

    @Override
    public HttpFilter create(Exchange exchange, Http2Headers head) {
        return new AdaptiveConcurrencyFilter(exchange, controller, config.status());
    }

    @Override
    public boolean keepsState() {
        return true;
    }
}
