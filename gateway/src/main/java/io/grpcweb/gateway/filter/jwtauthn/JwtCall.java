package io.grpcweb.gateway.filter.jwtauthn;

import io.grpcweb.gateway.http.Exchange;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.function.Consumer;

/** A request whose tokens are being checked. */
final class JwtCall {
    private final Exchange exchange;
    private final Http2Headers head;
    private final TokenSearch search;
    private final JwtAuthnStats stats;
    private final long now = System.currentTimeMillis() / 1000;
    private Runnable forget;
    private boolean reroutes;

    JwtCall(Exchange exchange, Http2Headers head, JwtAuthnStats stats) {
        this.exchange = exchange;
        this.head = head;
        this.search = new TokenSearch(head);
        this.stats = stats;
    }

    Exchange exchange() {
        return exchange;
    }

    Http2Headers head() {
        return head;
    }

    TokenSearch search() {
        return search;
    }

    JwtAuthnStats stats() {
        return stats;
    }

    /** Seconds since 1970, the same for all tokens of the request. */
    long now() {
        return now;
    }

    /** The route is to be chosen anew. */
    void reroute() {
        reroutes = true;
    }

    boolean reroutes() {
        return reroutes;
    }

    /** Waits for keys; nothing is told once the call is {@link #cancel cancelled}. */
    void await(KeySource keys, Consumer<KeySet> told) {
        forget = keys.await(exchange.executor(), fetched -> {
            try {
                told.accept(fetched);
            } catch (RuntimeException | VirtualMachineError e) {
                exchange.broken(e);
            }
        });
    }

    void cancel() {
        if (forget != null) {
            forget.run();
        }
    }
}
