package io.grpcweb.gateway.filter.headertometadata;

import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.HttpFilterFactory;
import io.netty.handler.codec.http2.Http2Headers;

/** Makes filters that read heads. */
final class HeaderToMetadataFactory implements HttpFilterFactory {
    private final HeaderToMetadataConfig config;

    HeaderToMetadataFactory(HeaderToMetadataConfig config) {
        this.config = config;
    }

    @Override
    public HttpFilter create(Exchange exchange, Http2Headers head) {
        return config.request().isEmpty() && config.response().isEmpty() ? null : new HeaderToMetadataFilter(exchange);
    }

    /** Reads both heads of an exchange. */
    private final class HeaderToMetadataFilter extends HttpFilter {
        private final Exchange exchange;

        HeaderToMetadataFilter(Exchange exchange) {
            this.exchange = exchange;
        }

        @Override
        public void requestHead(Http2Headers head, boolean end) {
            Rules.apply(config.request(), head, exchange.info());
            lower().requestHead(head, end);
        }

        @Override
        public void responseHead(Http2Headers head, boolean end) {
            Rules.apply(config.response(), head, exchange.info());
            upper().responseHead(head, end);
        }
    }
}
