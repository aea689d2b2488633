package io.grpcweb.gateway.filter.metadataallowlist;

import io.grpcweb.gateway.config.StringMatch;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.HttpFilterFactory;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Makes filters that take fields out of requests. */
final class MetadataAllowListFactory implements HttpFilterFactory {
    /** What HTTP and gRPC themselves need (PROTOCOL-HTTP2.md, Request-Headers), and what says whose call it is. */
    private static final Set<String> NEEDED = Set.of(
            "content-type",
            "content-length",
            "content-encoding",
            "te",
            "user-agent",
            "connection",
            "upgrade",
            "sec-websocket-key",
            "sec-websocket-version",
            "sec-websocket-protocol",
            "x-request-id",
            "x-forwarded-for",
            "x-forwarded-proto",
            "traceparent",
            "tracestate");

    /** Fields of gRPC itself, such as {@code grpc-timeout}. */
    private static final AsciiString GRPC = AsciiString.cached("grpc-");

    private final List<StringMatch> fields;

    MetadataAllowListFactory(MetadataAllowListConfig config) {
        fields = config.fields();
    }

    @Override
    public HttpFilter create(Exchange exchange, Http2Headers head) {
        return new MetadataAllowListFilter();
    }

    private boolean stays(CharSequence name) {
        if (name.charAt(0) == ':'
                || AsciiString.regionMatches(name, false, 0, GRPC, 0, GRPC.length())
                || NEEDED.contains(name.toString())) {
            return true;
        }
        for (int i = 0; i < fields.size(); i++) {
            if (fields.get(i).matches(name)) {
                return true;
            }
        }
        return false;
    }

    /** Takes fields out of one request. */
    private final class MetadataAllowListFilter extends HttpFilter {
        @Override
        public void requestHead(Http2Headers head, boolean end) {
            List<CharSequence> gone = null;
            for (CharSequence name : head.names()) {
                if (!stays(name)) {
                    gone = gone == null ? new ArrayList<>(4) : gone;
                    gone.add(name);
                }
            }
            if (gone != null) {
                gone.forEach(head::remove);
            }
            lower().requestHead(head, end);
        }
    }
}
