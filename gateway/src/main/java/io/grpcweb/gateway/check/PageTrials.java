package io.grpcweb.gateway.check;

import io.grpcweb.gateway.config.ListenerConfig;
import io.netty.handler.codec.http2.Http2Headers;

/** Opens filter chains for made-up requests of pages; nothing of it listens, and no backend is asked. */
@FunctionalInterface
public interface PageTrials {

    PageTrial open(ListenerConfig listener, ListenerConfig.FilterChain chain);

    /** Passes requests through the routes and filters of a chain, with a backend behind them that ends each call at once. */
    interface PageTrial extends AutoCloseable {

        Outcome ask(Http2Headers head);

        @Override
        void close();
    }

    /**
     * What came of a request.
     *
     * @param answer the head that the page gets; null where none came at once
     * @param forwarded the head that the backend gets; null where it gets none
     */
    record Outcome(Http2Headers answer, Http2Headers forwarded) {}
}
