package io.grpcweb.gateway.filter.rbac;

import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.HttpFilterFactory;
import io.grpcweb.gateway.http.StreamInfo;
import io.netty.handler.codec.http2.Http2Headers;

/** Makes filters that ask the rules of one place of the configuration. */
final class RbacFactory implements HttpFilterFactory {
    private static final String NAMESPACE = "envoy.filters.http.rbac";
    private static final String LOG_NAMESPACE = "envoy.common";

    private final Engine rules;
    private final Engine shadow;
    private final JudgeCounters counters;
    private final JudgeCounters shadowCounters;

    RbacFactory(RbacConfig config, JudgeCounters counters, JudgeCounters shadowCounters) {
        rules = config.rules()
                .map(one -> Engine.of(one, config.statPrefix() + "enforced_"))
                .orElse(null);
        shadow = config.shadow()
                .map(one -> Engine.of(one, config.shadowStatPrefix() + "shadow_"))
                .orElse(null);
        this.counters = counters;
        this.shadowCounters = shadowCounters;
    }

    @Override
    public HttpFilter create(Exchange exchange, Http2Headers head) {
        return rules == null && shadow == null ? null : new RbacFilter(exchange);
    }

    /** Asks the rules when a request arrives. */
    private final class RbacFilter extends HttpFilter {
        private final Exchange exchange;

        RbacFilter(Exchange exchange) {
            this.exchange = exchange;
        }

        @Override
        public void requestHead(Http2Headers head, boolean end) {
            StreamInfo info = exchange.info();
            if (shadow != null) {
                Verdict verdict = shadow.judge(info, head);
                shadowCounters.count(verdict);
                info.addMetadata().share(NAMESPACE, verdict.told());
            }
            if (rules != null) {
                Verdict verdict = rules.judge(info, head);
                counters.count(verdict);
                info.addMetadata().share(NAMESPACE, verdict.told());
                if (verdict.hint() != null) {
                    info.addMetadata().share(LOG_NAMESPACE, verdict.hint());
                }
                if (!verdict.allowed()) {
                    exchange.reply(verdict.refusal());
                    return;
                }
            }
            lower().requestHead(head, end);
        }
    }
}
