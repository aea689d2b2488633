package io.grpcweb.gateway.filter.compressor;

import io.grpcweb.gateway.filter.coding.Coding;
import io.grpcweb.gateway.filter.coding.Codings;
import io.grpcweb.gateway.filter.compressor.Negotiation.Offer;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.HttpFilterFactory;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Makes filters; its encoders are shared by all of them. */
final class CompressorFactory implements HttpFilterFactory {
    private final CompressorConfig config;
    private final List<Method> methods = new ArrayList<>();
    private final Negotiation negotiation;
    private final ContentTypes requestTypes;
    private final ContentTypes responseTypes;

    /**
     * A factory.
     *
     * @param chain the settings of all filters of this kind that a response passes, in the order of requests
     * @throws IllegalStateException where the library of a coding cannot be loaded
     */
    CompressorFactory(
            CompressorConfig config,
            List<CompressorConfig> chain,
            Codings codings,
            Function<Coding, CompressorStats> stats) {
        this.config = config;
        for (Coding coding : config.codings()) {
            methods.add(new Method(AsciiString.cached(coding.token()), codings.encoders(coding), stats.apply(coding)));
        }
        List<Offer> offers = new ArrayList<>();
        for (CompressorConfig one : chain) {
            ContentTypes types = new ContentTypes(one.response().types());
            one.codings()
                    .forEach(coding -> offers.add(
                            new Offer(coding.token(), types, one.responses().first())));
        }
        negotiation = new Negotiation(offers, config.responses().ownOrder());
        requestTypes = new ContentTypes(config.request().types());
        responseTypes = new ContentTypes(config.response().types());
    }

    @Override
    public HttpFilter create(Exchange exchange, Http2Headers head) {
        boolean upgrade = head.contains(HttpHeaderNames.UPGRADE);
        return methods.isEmpty() || upgrade ? null : new CompressorFilter(exchange, this);
    }

    CompressorConfig config() {
        return config;
    }

    /** Never empty where there is a filter. */
    List<Method> methods() {
        return methods;
    }

    Negotiation negotiation() {
        return negotiation;
    }

    ContentTypes requestTypes() {
        return requestTypes;
    }

    ContentTypes responseTypes() {
        return responseTypes;
    }
}
