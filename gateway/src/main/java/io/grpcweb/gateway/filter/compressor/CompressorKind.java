package io.grpcweb.gateway.filter.compressor;

import io.grpcweb.gateway.config.envoy.Msg;
import io.grpcweb.gateway.config.envoy.Reading;
import io.grpcweb.gateway.config.hocon.DescribedFormat;
import io.grpcweb.gateway.config.hocon.Fields;
import io.grpcweb.gateway.filter.FilterContext;
import io.grpcweb.gateway.filter.FilterKind;
import io.grpcweb.gateway.filter.coding.Coding;
import io.grpcweb.gateway.filter.coding.Codings;
import io.grpcweb.gateway.http.HttpFilterFactory;
import java.util.List;

/** The filter {@code compression}. */
public final class CompressorKind implements FilterKind<CompressorConfig>, DescribedFormat<CompressorConfig> {
    private static final String PACKAGE = "envoy.extensions.filters.http.compressor.v3.";

    @Override
    public Class<CompressorConfig> settings() {
        return CompressorConfig.class;
    }

    @Override
    public String type() {
        return "compression";
    }

    @Override
    public List<String> envoyTypes() {
        return List.of(PACKAGE + "Compressor", PACKAGE + "CompressorPerRoute");
    }

    @Override
    public CompressorConfig usual(String name) {
        return OwnCompressor.usual(name);
    }

    @Override
    public CompressorConfig fields(Fields own, CompressorConfig given) {
        return OwnCompressor.fields(own, given);
    }

    @Override
    public CompressorConfig read(String name, Msg typed, Reading envoy) {
        return EnvoyCompressor.read(name, typed, envoy);
    }

    @Override
    public CompressorConfig readPlace(String name, Msg typed, Reading envoy) {
        return EnvoyCompressor.readPlace(name, typed, envoy);
    }

    @Override
    public CompressorConfig onRoute(
            CompressorConfig listener, List<CompressorConfig> places, Msg where, Reading envoy) {
        return listener.with(places.get(0).overrides());
    }

    @Override
    public HttpFilterFactory make(CompressorConfig config, FilterContext context) {
        String http = context.http().statPrefix();
        List<CompressorConfig> chain = context.http().filters().stream()
                .filter(CompressorConfig.class::isInstance)
                .map(CompressorConfig.class::cast)
                .map(other -> other.name().equals(config.name()) ? config : other)
                .toList();
        Codings codings = context.shared().of(Codings.class, Codings::new);
        return new CompressorFactory(config, chain, codings, coding -> stats(http, config, coding, context));
    }

    private static CompressorStats stats(String http, CompressorConfig config, Coding coding, FilterContext context) {
        return context.stats()
                .group(
                        "http." + http + ".compressor." + config.library() + "." + coding.token() + config.older(),
                        CompressorStats.class,
                        () -> CompressorStats.of(http, config.library(), coding.kind(), config.older()));
    }
}
