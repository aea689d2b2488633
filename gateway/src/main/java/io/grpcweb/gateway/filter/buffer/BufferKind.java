package io.grpcweb.gateway.filter.buffer;

import io.grpcweb.gateway.config.envoy.Msg;
import io.grpcweb.gateway.config.envoy.Reading;
import io.grpcweb.gateway.config.hocon.DescribedFormat;
import io.grpcweb.gateway.config.hocon.Fields;
import io.grpcweb.gateway.filter.FilterContext;
import io.grpcweb.gateway.filter.FilterKind;
import io.grpcweb.gateway.http.HttpFilterFactory;
import java.util.List;

/** The filter {@code buffer}. */
public final class BufferKind implements FilterKind<BufferConfig>, DescribedFormat<BufferConfig> {
    private static final String PACKAGE = "envoy.extensions.filters.http.buffer.v3.";
    private static final int USUAL = 1 << 20;

    @Override
    public Class<BufferConfig> settings() {
        return BufferConfig.class;
    }

    @Override
    public String type() {
        return "buffer";
    }

    @Override
    public List<String> envoyTypes() {
        return List.of(PACKAGE + "Buffer", PACKAGE + "BufferPerRoute");
    }

    @Override
    public List<String> olderNames() {
        return List.of("buffer");
    }

    @Override
    public BufferConfig usual(String name) {
        return new BufferConfig(name, USUAL);
    }

    @Override
    public BufferConfig fields(Fields own, BufferConfig given) {
        return new BufferConfig(given.name(), own.bytes("most", given.most()));
    }

    @Override
    public BufferConfig read(String name, Msg typed, Reading envoy) {
        return new BufferConfig(name, typed.integer("max_request_bytes", 0));
    }

    @Override
    public BufferConfig readPlace(String name, Msg typed, Reading envoy) {
        return typed.message("buffer")
                .map(settings -> read(name, settings, envoy))
                .orElse(new BufferConfig(name, 0));
    }

    @Override
    public HttpFilterFactory make(BufferConfig config, FilterContext context) {
        return (exchange, head) -> config.most() == 0 ? null : new BufferFilter(exchange, config.most());
    }
}
