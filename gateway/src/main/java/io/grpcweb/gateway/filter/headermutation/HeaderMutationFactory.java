package io.grpcweb.gateway.filter.headermutation;

import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.HttpFilterFactory;
import io.grpcweb.gateway.http.LocalReply;
import io.grpcweb.gateway.http.Substitution;
import io.netty.handler.codec.http2.Http2Headers;

/** Prepares the changes of one place of the configuration. */
final class HeaderMutationFactory implements HttpFilterFactory {
    private final boolean idle;
    private final Mutations request;
    private final Mutations requestTrailers;
    private final Mutations response;
    private final Mutations responseTrailers;
    private final QueryMutations query;

    HeaderMutationFactory(HeaderMutationConfig config, Substitution.Compiler compiler) {
        idle = config.isEmpty();
        request = new Mutations(config.request(), compiler);
        requestTrailers = new Mutations(config.requestTrailers(), compiler);
        response = new Mutations(config.response(), compiler);
        responseTrailers = new Mutations(config.responseTrailers(), compiler);
        query = new QueryMutations(config.query(), compiler);
    }

    @Override
    public HttpFilter create(Exchange exchange, Http2Headers head) {
        return idle ? null : new HeaderMutationFilter(exchange);
    }

    /** Changes what passes. */
    private final class HeaderMutationFilter extends HttpFilter {
        private final Exchange exchange;

        HeaderMutationFilter(Exchange exchange) {
            this.exchange = exchange;
        }

        @Override
        public void requestHead(Http2Headers head, boolean end) {
            request.apply(head, exchange.info());
            query.apply(head, exchange.info());
            lower().requestHead(head, end);
        }

        @Override
        public void requestTrailers(Http2Headers trailers) {
            requestTrailers.apply(trailers, exchange.info());
            lower().requestTrailers(trailers);
        }

        @Override
        public void responseHead(Http2Headers head, boolean end) {
            // For the operators: the head is not yet where they find it when it has left.
            exchange.info().responseHeaders = head;
            LocalReply reply = exchange.localReply();
            if (reply == null || !reply.isPreflight()) {
                // Of a preflight Envoy does not know it yet.
                exchange.info().responseCode = Exchange.status(head);
            }
            response.apply(head, exchange.info());
            upper().responseHead(head, end);
        }

        @Override
        public void responseTrailers(Http2Headers trailers) {
            responseTrailers.apply(trailers, exchange.info());
            upper().responseTrailers(trailers);
        }
    }
}
