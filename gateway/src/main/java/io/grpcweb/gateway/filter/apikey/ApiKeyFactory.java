package io.grpcweb.gateway.filter.apikey;

import io.grpcweb.gateway.http.Details;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.HttpFilterFactory;
import io.grpcweb.gateway.http.LocalReply;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.concurrent.atomic.LongAdder;

/** Makes filters that ask for a key. */
final class ApiKeyFactory implements HttpFilterFactory {
    private static final LocalReply NO_SOURCES = unauthorized("missing_key_sources");
    private static final LocalReply NO_KEYS = unauthorized("missing_credentials");
    private static final LocalReply MISSING = unauthorized("missing_api_key");
    private static final LocalReply UNKNOWN = unauthorized("unknown_api_key");
    private static final LocalReply FORBIDDEN =
            LocalReply.denied(403, "Client is forbidden.", Details.of("client_not_allowed"));

    private final ApiKeyConfig config;
    private final ApiKeyStats stats;

    private static LocalReply unauthorized(String details) {
        return LocalReply.denied(401, "Client authentication failed.", Details.of(details));
    }

    ApiKeyFactory(ApiKeyConfig config, ApiKeyStats stats) {
        this.config = config;
        this.stats = stats;
    }

    @Override
    public HttpFilter create(Exchange exchange, Http2Headers head) {
        return new ApiKeyFilter(exchange);
    }

    /** Asks one request. */
    private final class ApiKeyFilter extends HttpFilter {
        private final Exchange exchange;

        ApiKeyFilter(Exchange exchange) {
            this.exchange = exchange;
        }

        @Override
        public void requestHead(Http2Headers head, boolean end) {
            String key = Keys.of(config.sources(), head);
            String client = config.clients().get(key);
            if (client == null || key.isEmpty()) {
                refuse(fault(key), stats.unauthorized);
            } else if (!config.allowed().isEmpty() && !config.allowed().contains(client)) {
                refuse(FORBIDDEN, stats.forbidden);
            } else {
                stats.allowed.increment();
                config.forwarding().ifPresent(forwarding -> forward(forwarding, client, head));
                lower().requestHead(head, end);
            }
        }

        private void refuse(LocalReply reply, LongAdder counter) {
            counter.increment();
            exchange.reply(reply);
        }
    }

    private LocalReply fault(String key) {
        if (config.sources().isEmpty()) {
            return NO_SOURCES;
        }
        if (config.clients().isEmpty()) {
            return NO_KEYS;
        }
        return key.isEmpty() ? MISSING : UNKNOWN;
    }

    private void forward(ApiKeyConfig.Forwarding forwarding, String client, Http2Headers head) {
        if (forwarding.hide()) {
            Keys.hide(config.sources(), head);
        }
        if (!forwarding.field().isEmpty()) {
            head.set(forwarding.field(), client);
        }
    }
}
