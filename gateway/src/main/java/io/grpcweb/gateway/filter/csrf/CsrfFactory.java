package io.grpcweb.gateway.filter.csrf;

import io.grpcweb.gateway.config.StringMatch;
import io.grpcweb.gateway.http.Details;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.HttpFilterFactory;
import io.grpcweb.gateway.http.LocalReply;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Makes filters for requests that may change something. */
final class CsrfFactory implements HttpFilterFactory {
    private static final LocalReply REFUSED =
            LocalReply.denied(403, "Invalid origin", Details.of("csrf_origin_mismatch"));

    /** The origin of a page that must not tell its own: no source, so that the referring page counts. */
    private static final String OPAQUE = "null";

    private final CsrfConfig config;
    private final List<StringMatch> origins;
    private final CsrfStats stats;

    CsrfFactory(CsrfConfig config, CsrfStats stats) {
        this.config = config;
        this.origins = config.additionalOrigins();
        this.stats = stats;
    }

    @Override
    public HttpFilter create(Exchange exchange, Http2Headers head) {
        return config.enabled() <= 0 && config.shadow() <= 0 ? null : new CsrfFilter(exchange);
    }

    /** Whether the request may pass, as far as its source says; it is counted. */
    private boolean isFromAllowedSource(Http2Headers head) {
        CharSequence source = source(head);
        if (source.length() == 0) {
            stats.missingSourceOrigin.increment();
            return false;
        }
        boolean allowed = isAllowed(source, head.authority());
        (allowed ? stats.requestValid : stats.requestInvalid).increment();
        return allowed;
    }

    private boolean isAllowed(CharSequence source, CharSequence target) {
        if (target != null && source.toString().contentEquals(target)) {
            return true;
        }
        for (int i = 0; i < origins.size(); i++) {
            if (origins.get(i).reads(source) && origins.get(i).matches(source)) {
                return true;
            }
        }
        return false;
    }

    private static CharSequence source(Http2Headers head) {
        CharSequence origin = SourceHost.of(head.get(HttpHeaderNames.ORIGIN));
        return origin.length() > 0 && !OPAQUE.contentEquals(origin)
                ? origin
                : SourceHost.of(head.get(HttpHeaderNames.REFERER));
    }

    private static boolean happens(double share) {
        return share >= 1 || (share > 0 && ThreadLocalRandom.current().nextDouble() < share);
    }

    private static boolean changes(CharSequence method) {
        return switch (method.toString()) {
            case "POST", "PUT", "DELETE", "PATCH" -> true;
            default -> false;
        };
    }

    /** Looks at where a request comes from. */
    private final class CsrfFilter extends HttpFilter {
        private final Exchange exchange;

        CsrfFilter(Exchange exchange) {
            this.exchange = exchange;
        }

        @Override
        public void requestHead(Http2Headers head, boolean end) {
            boolean enforced = happens(config.enabled());
            if ((enforced || happens(config.shadow()))
                    && changes(head.method())
                    && !isFromAllowedSource(head)
                    && enforced) {
                exchange.reply(REFUSED);
                return;
            }
            lower().requestHead(head, end);
        }
    }
}
