package io.grpcweb.gateway.filter.setfilterstate;

import io.grpcweb.gateway.config.AccessLogConfig;
import io.grpcweb.gateway.filter.setfilterstate.SetFilterStateConfig.Kept;
import io.grpcweb.gateway.format.JsonText;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.FilterState;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.HttpFilterFactory;
import io.grpcweb.gateway.http.StreamInfo;
import io.grpcweb.gateway.http.Substitution;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.List;

/** Makes filters that set texts. */
final class SetFilterStateFactory implements HttpFilterFactory {
    private final List<Prepared> entries;

    private record Prepared(Kept entry, Substitution value, boolean json) {}

    SetFilterStateFactory(SetFilterStateConfig config, Substitution.Compiler compiler) {
        entries = config.entries().stream()
                .map(entry -> new Prepared(
                        entry, compiler.body(entry.format()), entry.format() instanceof AccessLogConfig.Format.Json))
                .toList();
    }

    @Override
    public HttpFilter create(Exchange exchange, Http2Headers head) {
        return entries.isEmpty() ? null : new SetFilterStateFilter(exchange);
    }

    private void set(StreamInfo info) {
        for (Prepared one : entries) {
            String value = one.value.of(info);
            // A line of JSON ends with its line.
            String text = one.json ? value.stripTrailing() : value;
            if (!text.isEmpty() || !one.entry.skipIfEmpty()) {
                info.addState()
                        .put(one.entry.key(), new FilterState.Entry(text, JsonText.of(text), one.entry.readOnly()));
            }
        }
    }

    /** Sets the texts when a request arrives. */
    private final class SetFilterStateFilter extends HttpFilter {
        private final Exchange exchange;

        SetFilterStateFilter(Exchange exchange) {
            this.exchange = exchange;
        }

        @Override
        public void requestHead(Http2Headers head, boolean end) {
            set(exchange.info());
            lower().requestHead(head, end);
        }
    }
}
