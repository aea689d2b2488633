package io.grpcweb.gateway.filter.decompressor;

import io.grpcweb.gateway.filter.coding.CacheControl;
import io.grpcweb.gateway.filter.coding.CodingKind;
import io.grpcweb.gateway.filter.coding.Codings;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.FieldValues;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.HttpFilterFactory;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** Makes filters; its decoders are shared by all of them. */
final class DecompressorFactory implements HttpFilterFactory {
    private final DecompressorConfig config;
    private final List<Method> methods = new ArrayList<>();
    private final AsciiString compressedBytes;
    private final AsciiString uncompressedBytes;

    /**
     * A factory.
     *
     * @param first the name of the first such filter of the chain, after which the trailers of all are named
     * @throws IllegalStateException where the library of a coding cannot be loaded
     */
    DecompressorFactory(
            DecompressorConfig config, String first, Codings codings, Function<CodingKind, DecompressorStats> stats) {
        this.config = config;
        config.codings().forEach(kind -> methods.add(new Method(kind, codings.decoders(kind), stats.apply(kind))));
        String prefix = "x-envoy-decompressor-" + first.toLowerCase(Locale.ROOT);
        compressedBytes = AsciiString.cached(prefix + "-compressed-bytes");
        uncompressedBytes = AsciiString.cached(prefix + "-uncompressed-bytes");
    }

    @Override
    public HttpFilter create(Exchange exchange, Http2Headers head) {
        return methods.isEmpty() ? null : new DecompressorFilter(exchange, this);
    }

    DecompressorConfig config() {
        return config;
    }

    List<Method> methods() {
        return methods;
    }

    /** The coding that a body is in, of those that are undone here; null where it is in none, or must stay in it. */
    Method of(Http2Headers head, DecompressorConfig.Direction direction) {
        CharSequence coded = FieldValues.joined(head, HttpHeaderNames.CONTENT_ENCODING);
        if (coded == null || !direction.enabled() || !direction.evenNoTransform() && !CacheControl.mayTransform(head)) {
            return null;
        }
        // They stand in the order in which they were applied (RFC 9110 section 8.4): the last one is undone first.
        String text = coded.toString();
        String last = text.substring(text.lastIndexOf(',') + 1).strip();
        for (Method method : methods) {
            if (method.kind().token().equalsIgnoreCase(last)) {
                return method;
            }
        }
        return null;
    }

    /** The head of a body whose last coding is undone. */
    void change(Http2Headers head) {
        head.remove(HttpHeaderNames.CONTENT_LENGTH);
        String text = FieldValues.joined(head, HttpHeaderNames.CONTENT_ENCODING).toString();
        int comma = text.lastIndexOf(',');
        if (comma < 0) {
            head.remove(HttpHeaderNames.CONTENT_ENCODING);
        } else {
            head.set(HttpHeaderNames.CONTENT_ENCODING, text.substring(0, comma).strip());
        }
    }

    /** Tells the backend that it may use the codings, beside what the client accepts. */
    void advertise(Http2Headers head) {
        if (!config.response().enabled() || !config.advertise()) {
            return;
        }
        List<String> accepted = new ArrayList<>();
        CharSequence before = FieldValues.joined(head, HttpHeaderNames.ACCEPT_ENCODING);
        if (before != null) {
            for (String part : before.toString().split(",", -1)) {
                String token = part.split(";", 2)[0].strip();
                if (!token.isEmpty()
                        && methods.stream()
                                .noneMatch(method -> method.kind().token().equals(token))) {
                    accepted.add(part.strip());
                }
            }
        }
        methods.forEach(method -> accepted.add(method.kind().token()));
        head.set(HttpHeaderNames.ACCEPT_ENCODING, String.join(",", accepted));
    }

    /** Says in trailers how long a body was. */
    void tellSizes(Http2Headers trailers, long packed, long unpacked) {
        trailers.set(compressedBytes, Long.toString(packed));
        trailers.set(uncompressedBytes, Long.toString(unpacked));
    }
}
