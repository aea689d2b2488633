package io.grpcweb.gateway.filter.iptagging;

import io.grpcweb.gateway.config.IpRange;
import io.grpcweb.gateway.filter.iptagging.IpTaggingConfig.Requests;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.FieldValues;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.HttpFilterFactory;
import io.netty.handler.codec.http2.Http2Headers;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** Makes filters that look up the address of the client. */
final class IpTaggingFactory implements HttpFilterFactory {
    private static final String INTERNAL = "x-envoy-internal";

    private final IpTaggingConfig config;
    private final IpTaggingStats stats;
    private final Tagged[] ranges;

    /** A range with its tag. */
    private record Tagged(IpRange range, String tag, LongAdder hits) {}

    /** Ranges are asked from the widest to the narrowest. */
    IpTaggingFactory(IpTaggingConfig config, IpTaggingStats stats) {
        this.config = config;
        this.stats = stats;
        this.ranges = config.tags().stream()
                .flatMap(
                        tag -> tag.ranges().stream().map(range -> new Tagged(range, tag.name(), stats.hit(tag.name()))))
                .sorted(Comparator.comparingInt(one -> one.range.bits()))
                .toArray(Tagged[]::new);
    }

    @Override
    public HttpFilter create(Exchange exchange, Http2Headers head) {
        if (config.requests() == Requests.BOTH) {
            return new IpTaggingFilter(exchange);
        }
        CharSequence said = head.get(INTERNAL);
        boolean internal = said != null && "true".contentEquals(said);
        return internal == (config.requests() == Requests.INTERNAL) ? new IpTaggingFilter(exchange) : null;
    }

    private String tags(InetAddress address) {
        stats.total.increment();
        List<String> found = new ArrayList<>(2);
        for (Tagged one : ranges) {
            if (one.range.contains(address) && !found.contains(one.tag)) {
                found.add(one.tag);
                one.hits.increment();
            }
        }
        if (found.isEmpty()) {
            stats.noHit.increment();
        }
        return String.join(",", found);
    }

    /** Tags one request. */
    private final class IpTaggingFilter extends HttpFilter {
        private final Exchange exchange;

        IpTaggingFilter(Exchange exchange) {
            this.exchange = exchange;
        }

        @Override
        public void requestHead(Http2Headers head, boolean end) {
            String tags = tags(exchange.info().client());
            boolean changed = !config.append() && head.remove(config.field());
            if (!tags.isEmpty()) {
                CharSequence before = FieldValues.joined(head, config.field());
                head.set(config.field(), before == null || before.length() == 0 ? tags : before + "," + tags);
                changed = true;
            }
            if (changed) {
                // Routes may look at the field.
                exchange.reroute();
            }
            lower().requestHead(head, end);
        }
    }
}
