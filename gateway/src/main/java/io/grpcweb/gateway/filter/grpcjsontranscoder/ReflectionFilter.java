package io.grpcweb.gateway.filter.grpcjsontranscoder;

import io.grpcweb.gateway.filter.HoldingFilter;
import io.grpcweb.gateway.filter.reflection.ReflectedSchema;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.HttpFilter;
import io.netty.handler.codec.http2.Http2Headers;

/** Holds a request until the backend has told its rules, and then puts the filter that follows them below itself. */
final class ReflectionFilter extends HoldingFilter {
    private static final int HELD = 64 * 1024;

    private final ReflectedSchema<TranscoderFactory> rules;
    private Runnable forget = () -> {};

    ReflectionFilter(Exchange exchange, ReflectedSchema<TranscoderFactory> rules) {
        super(exchange, HELD);
        this.rules = rules;
    }

    @Override
    protected void arrived(Http2Headers head, boolean end) {
        if (TranscoderFactory.isNative(head)) {
            // A filter above this one has made it so.
            resume();
            return;
        }
        forget = rules.await(exchange().executor(), this::answered);
    }

    private void answered() {
        TranscoderFactory known = rules.known();
        if (known == null) {
            refuse(Failure.noDescriptors());
            return;
        }
        HttpFilter filter = known.create(exchange(), head());
        if (filter != null) {
            HttpFilter below = lower();
            filter.under(this);
            below.under(filter);
        }
        resume();
    }

    @Override
    protected void abandoned() {
        forget.run();
    }
}
