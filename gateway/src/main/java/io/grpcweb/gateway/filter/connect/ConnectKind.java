package io.grpcweb.gateway.filter.connect;

import io.grpcweb.gateway.config.envoy.Msg;
import io.grpcweb.gateway.config.envoy.Reading;
import io.grpcweb.gateway.config.hocon.DescribedFormat;
import io.grpcweb.gateway.config.hocon.Fields;
import io.grpcweb.gateway.config.hocon.Section;
import io.grpcweb.gateway.config.hocon.Tree;
import io.grpcweb.gateway.filter.FilterContext;
import io.grpcweb.gateway.filter.FilterKind;
import io.grpcweb.gateway.http.HttpFilterFactory;
import io.grpcweb.gateway.http.UnaryCalls;
import java.util.List;
import java.util.Optional;

/**
 * The filter {@code connect}. In the own format places say {@code connect = on}, or have a section of this name; it does
 * nothing elsewhere.
 */
public final class ConnectKind implements FilterKind<ConnectConfig>, DescribedFormat<ConnectConfig> {
    private static final String KEY = "connect";

    /** What gRPC's own libraries take where nobody says otherwise. */
    private static final int USUAL_BYTES = 4 << 20;

    @Override
    public Class<ConnectConfig> settings() {
        return ConnectConfig.class;
    }

    @Override
    public String type() {
        return KEY;
    }

    @Override
    public List<String> envoyTypes() {
        return List.of("envoy.extensions.filters.http.connect_grpc_bridge.v3.FilterConfig");
    }

    @Override
    public ConnectConfig usual(String name) {
        return new ConnectConfig(name, false, Dialect.CONNECT, false, USUAL_BYTES, List.of(), Optional.empty(), true);
    }

    @Override
    public ConnectConfig fields(Fields own, ConnectConfig given) {
        return new ConnectConfig(
                given.name(),
                own.flag("on", given.on()),
                own.choice("dialect", given.dialect()),
                own.flag("require-version", given.versionRequired()),
                own.bytes("held", given.mostBytes()),
                own.texts("get", given.get()),
                own.by(given.descriptors(), section -> descriptors(section, given), ConnectKind::write),
                own.flag("reflection", given.reflection()));
    }

    private static Optional<Descriptors> descriptors(Section own, ConnectConfig given) {
        return own.has("descriptors") ? DescriptorFiles.read(own, "descriptors") : given.descriptors();
    }

    private static void write(Tree own, Optional<Descriptors> descriptors) {
        own.put("descriptors", descriptors.map(Descriptors::files));
    }

    @Override
    public boolean hasPlaces() {
        return true;
    }

    @Override
    public Optional<ConnectConfig> readPlace(String name, Section place, Optional<ConnectConfig> outer) {
        ConnectConfig around = outer.orElse(usual(name));
        if (place.isText(KEY)) {
            return Optional.of(place.flag(KEY, around.on()) ? with(around, true) : usual(name));
        }
        return place.section(KEY).map(own -> fields(own, with(around, true))).or(() -> outer);
    }

    @Override
    public void writePlace(Tree place, Optional<ConnectConfig> config, Optional<ConnectConfig> outer) {
        if (config.equals(outer)) {
            return;
        }
        if (config.isEmpty() || !config.get().on()) {
            place.off(KEY);
            return;
        }
        ConnectConfig own = config.get();
        ConnectConfig around = outer.orElse(usual(own.name()));
        if (with(around, true).equals(own)) {
            place.put(KEY, true);
        } else {
            place.put(KEY, new Tree().add(own, with(around, true), this::fields));
        }
    }

    private static ConnectConfig with(ConnectConfig config, boolean on) {
        return new ConnectConfig(
                config.name(),
                on,
                config.dialect(),
                config.versionRequired(),
                config.mostBytes(),
                config.get(),
                config.descriptors(),
                config.reflection());
    }

    @Override
    public ConnectConfig read(String name, Msg typed, Reading envoy) {
        return new ConnectConfig(name, true, Dialect.ENVOY, false, USUAL_BYTES, List.of(), Optional.empty(), false);
    }

    @Override
    public HttpFilterFactory make(ConnectConfig config, FilterContext context) {
        return new ConnectFactory(config, config.on() ? methods(config, context) : null);
    }

    private static Methods methods(ConnectConfig config, FilterContext context) {
        if (config.descriptors().isPresent()) {
            return new DescribedMethods(config.descriptors().get().schema());
        }
        return config.reflection() ? new ReflectedMethods(new UnaryCalls(context.calls()), context.nanoTime()) : null;
    }
}
