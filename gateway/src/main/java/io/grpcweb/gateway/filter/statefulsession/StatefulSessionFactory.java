package io.grpcweb.gateway.filter.statefulsession;

import io.grpcweb.gateway.http.Destination;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.HttpFilterFactory;
import io.grpcweb.gateway.http.StreamInfo;
import io.grpcweb.gateway.upstream.host.HostKey;
import io.netty.handler.codec.http2.Http2Headers;

/** Makes filters that bring the calls of a client back to its endpoint. */
final class StatefulSessionFactory implements HttpFilterFactory {
    private final StatefulSessionConfig config;
    private final Carrier carrier;
    private final StatefulSessionStats stats;

    /**
     * Of some settings.
     *
     * @param carrier null where nothing is configured
     */
    StatefulSessionFactory(StatefulSessionConfig config, Carrier carrier, StatefulSessionStats stats) {
        this.config = config;
        this.carrier = carrier;
        this.stats = stats;
    }

    @Override
    public HttpFilter create(Exchange exchange, Http2Headers head) {
        return carrier == null ? null : new StatefulSessionFilter(exchange.info());
    }

    /** One call. */
    private final class StatefulSessionFilter extends HttpFilter {
        private final StreamInfo info;
        private boolean inSession;

        /** Where the client wants to go; null where it does not say. */
        private String wanted;

        StatefulSessionFilter(StreamInfo info) {
            this.info = info;
        }

        @Override
        public void requestHead(Http2Headers head, boolean end) {
            inSession = carrier.carries(head.path());
            if (inSession) {
                wanted = carrier.read(head);
                if (wanted != null) {
                    info.destination = new Destination(wanted, config.strict(), config.strictStatus());
                }
            } else {
                stats.noSession.increment();
            }
            lower().requestHead(head, end);
        }

        @Override
        public void responseHead(Http2Headers head, boolean end) {
            if (inSession) {
                tell(head);
            }
            upper().responseHead(head, end);
        }

        private void tell(Http2Headers head) {
            if (info.upstreamRemote == null) {
                if (config.strict() && wanted != null && info.cluster != null) {
                    stats.failedClosed.increment();
                }
                return;
            }
            String address = HostKey.of(info.upstreamRemote);
            if (address.equals(wanted)) {
                stats.routed.increment();
                return;
            }
            carrier.write(head, address);
            if (!config.strict()) {
                stats.failedOpen.increment();
            }
        }
    }
}
