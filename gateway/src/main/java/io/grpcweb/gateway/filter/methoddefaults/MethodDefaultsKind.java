package io.grpcweb.gateway.filter.methoddefaults;

import io.grpcweb.gateway.config.envoy.Msg;
import io.grpcweb.gateway.config.envoy.Reading;
import io.grpcweb.gateway.config.hocon.DescribedFormat;
import io.grpcweb.gateway.config.hocon.Fields;
import io.grpcweb.gateway.config.hocon.Section;
import io.grpcweb.gateway.filter.FilterContext;
import io.grpcweb.gateway.filter.FilterKind;
import io.grpcweb.gateway.http.CallFormat;
import io.grpcweb.gateway.http.HttpFilterFactory;
import io.grpcweb.gateway.schema.BadDescriptors;
import io.grpcweb.gateway.schema.DescriptorSource;
import io.grpcweb.gateway.schema.ProtoSchema;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The filter {@code method-defaults}. */
public final class MethodDefaultsKind
        implements FilterKind<MethodDefaultsConfig>, DescribedFormat<MethodDefaultsConfig> {

    @Override
    public Class<MethodDefaultsConfig> settings() {
        return MethodDefaultsConfig.class;
    }

    @Override
    public String type() {
        return "method-defaults";
    }

    @Override
    public List<String> envoyTypes() {
        return List.of();
    }

    @Override
    public MethodDefaultsConfig usual(String name) {
        return new MethodDefaultsConfig(
                name, Optional.empty(), Optional.empty(), true, Duration.ZERO, Duration.ZERO, false);
    }

    @Override
    public MethodDefaultsConfig fields(Fields own, MethodDefaultsConfig given) {
        Optional<String> file = own.text("descriptors", given.descriptors());
        return new MethodDefaultsConfig(
                given.name(),
                file,
                own.writing() ? given.schema() : file.flatMap(name -> schema(own, name)),
                own.flag("reflection", given.reflection()),
                own.duration("unary-timeout", given.unaryTimeout()),
                own.duration("stream-idle", given.streamIdle()),
                own.flag("retry", given.retry()));
    }

    private static Optional<ProtoSchema> schema(Fields own, String file) {
        try {
            if (own instanceof Section section) {
                section.reads(Path.of(file));
            }
            return Optional.of(ProtoSchema.load(new DescriptorSource.InFile(file)));
        } catch (BadDescriptors | InvalidPathException e) {
            own.error("descriptors", "'" + file + "': " + e.getMessage());
            return Optional.empty();
        }
    }

    @Override
    public MethodDefaultsConfig read(String name, Msg typed, Reading envoy) {
        throw new IllegalStateException("no message of Envoy is one of this filter: " + typed.type());
    }

    @Override
    public HttpFilterFactory make(MethodDefaultsConfig config, FilterContext context) {
        KnownMethods methods = new KnownMethods(
                config.schema().orElse(null), config.reflection(), context.calls(), context.nanoTime());
        return (exchange, head) ->
                exchange.info().format == CallFormat.HTTP ? null : new MethodDefaultsFilter(exchange, config, methods);
    }
}
