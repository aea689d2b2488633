package io.grpcweb.gateway.filter.customresponse;

import io.grpcweb.gateway.config.ErrorFormat;
import io.grpcweb.gateway.http.Details;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.HttpFilterFactory;
import io.grpcweb.gateway.http.LocalReply;
import io.grpcweb.gateway.http.StreamInfo;
import io.grpcweb.gateway.http.Substitution;
import io.grpcweb.gateway.match.Decider;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;

/** Makes filters that look at responses and replace some. */
final class CustomResponseFactory implements HttpFilterFactory {
    private final Decider<PreparedReply> replies;

    CustomResponseFactory(CustomResponseConfig config, Substitution.Compiler compiler) {
        replies = new Decider<>(config.replies().map(one -> new PreparedReply(one, compiler)), reply -> false);
    }

    @Override
    public HttpFilter create(Exchange exchange, Http2Headers head) {
        return new CustomResponseFilter(exchange);
    }

    /**
     * Looks at one response. A local reply is replaced by another one, which gets its CORS fields and the form of the call like any;
     * so is a backend's response in the gateway's own format. In a file of Envoy the latter goes to the client as it is.
     */
    private final class CustomResponseFilter extends HttpFilter {
        private final Exchange exchange;

        /** Whether what comes from below is no longer the response. */
        private boolean replaced;

        CustomResponseFilter(Exchange exchange) {
            this.exchange = exchange;
        }

        @Override
        public void responseHead(Http2Headers head, boolean end) {
            PreparedReply found = exchange.isResponseStarted() ? null : find(head);
            if (found == null) {
                upper().responseHead(head, end);
                return;
            }
            replaced = true;
            LocalReply before = exchange.localReply();
            boolean inForm = before != null || exchange.errorFormat() == ErrorFormat.BROWSER;
            exchange.replace(found.of(before, exchange.info()), inForm ? upper() : exchange.uppermost());
        }

        private PreparedReply find(Http2Headers head) {
            StreamInfo info = exchange.info();
            if (exchange.localReply() != null && exchange.localReply().details() == Details.PREFLIGHT) {
                return null;
            }
            info.responseHeaders = head;
            info.responseCode = Exchange.status(head);
            return replies.find(info, info.requestHeaders);
        }

        @Override
        public void responseData(ByteBuf data, boolean end) {
            if (replaced) {
                data.release();
            } else {
                upper().responseData(data, end);
            }
        }

        @Override
        public void responseTrailers(Http2Headers trailers) {
            if (!replaced) {
                upper().responseTrailers(trailers);
            }
        }

        @Override
        public void responseAbort(LocalReply reason) {
            if (!replaced) {
                upper().responseAbort(reason);
            }
        }
    }
}
