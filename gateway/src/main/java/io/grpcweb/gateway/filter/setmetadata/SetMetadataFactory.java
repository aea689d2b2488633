package io.grpcweb.gateway.filter.setmetadata;

import io.grpcweb.gateway.filter.setmetadata.SetMetadataConfig.Addition;
import io.grpcweb.gateway.http.DynamicMetadata;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.HttpFilterFactory;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.List;
import java.util.Map;

/** Makes filters that add metadata. */
final class SetMetadataFactory implements HttpFilterFactory {
    private final List<Addition> entries;
    private final SetMetadataStats stats;

    SetMetadataFactory(SetMetadataConfig config, SetMetadataStats stats) {
        this.entries = config.entries();
        this.stats = stats;
    }

    @Override
    public HttpFilter create(Exchange exchange, Http2Headers head) {
        return entries.isEmpty() ? null : new SetMetadataFilter(exchange);
    }

    private void add(DynamicMetadata metadata) {
        for (Addition entry : entries) {
            Map<String, Object> fields = entry.value().byReader();
            if (!(metadata.at(List.of(entry.namespace())) instanceof Map<?, ?> before)) {
                metadata.share(entry.namespace(), fields);
            } else if (entry.overwrite()) {
                metadata.putAll(entry.namespace(), Merge.of(before, fields));
            } else {
                stats.overwriteDenied.increment();
            }
        }
    }

    /** Adds metadata when a request arrives. */
    private final class SetMetadataFilter extends HttpFilter {
        private final Exchange exchange;

        SetMetadataFilter(Exchange exchange) {
            this.exchange = exchange;
        }

        @Override
        public void requestHead(Http2Headers head, boolean end) {
            add(exchange.info().addMetadata());
            lower().requestHead(head, end);
        }
    }
}
