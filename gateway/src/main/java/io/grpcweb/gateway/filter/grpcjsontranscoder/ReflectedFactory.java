package io.grpcweb.gateway.filter.grpcjsontranscoder;

import io.grpcweb.gateway.filter.reflection.ReflectedSchema;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.HttpFilterFactory;
import io.grpcweb.gateway.http.SideCalls;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Prepares the rules that a backend tells by itself. */
final class ReflectedFactory implements HttpFilterFactory {
    private static final Logger LOG = LoggerFactory.getLogger(ReflectedFactory.class);

    private final ReflectedSchema<TranscoderFactory> rules;

    ReflectedFactory(TranscoderConfig config, SideCalls calls, LongSupplier nanoTime) {
        String cluster = config.reflection().orElseThrow();
        rules = new ReflectedSchema<>(
                cluster,
                calls,
                schema -> new TranscoderFactory(
                        config, schema, problem -> LOG.warn("rules of the cluster {}: {}", cluster, problem)),
                nanoTime);
    }

    @Override
    public HttpFilter create(Exchange exchange, Http2Headers head) {
        if (TranscoderFactory.isNative(head)) {
            return null;
        }
        TranscoderFactory known = rules.known();
        if (known == null) {
            return new ReflectionFilter(exchange, rules);
        }
        rules.refresh(exchange.executor());
        return known.create(exchange, head);
    }

    /** The rules are kept where the configuration is replaced by one with the same settings. */
    @Override
    public boolean keepsState() {
        return true;
    }
}
