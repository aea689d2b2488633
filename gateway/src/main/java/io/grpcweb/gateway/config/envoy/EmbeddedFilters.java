package io.grpcweb.gateway.config.envoy;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.grpcweb.gateway.config.FilesRead;
import io.grpcweb.gateway.config.FilterConfig;
import io.grpcweb.gateway.config.ResourceReader;
import io.grpcweb.gateway.config.hocon.Section;
import io.grpcweb.gateway.config.hocon.TypedFilters;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Reads what is a message of Envoy beside a file of the gateway's own format. */
public final class EmbeddedFilters implements TypedFilters {
    private static final String KEY = "typed-config";

    private final List<? extends EnvoyFormat<?>> formats;
    private final Function<String, Optional<String>> operators;

    /**
     * A reader.
     *
     * @param operators what is wrong with the operators of a text, if anything is
     */
    public EmbeddedFilters(List<? extends EnvoyFormat<?>> formats, Function<String, Optional<String>> operators) {
        this.formats = formats;
        this.operators = operators;
    }

    @Override
    public Optional<FilterConfig> read(String name, Section own) {
        return read(own, (filters, message) -> filters.alone(name, message));
    }

    @Override
    public Optional<FilterConfig> onRoute(FilterConfig listener, Section own) {
        return read(own, (filters, message) -> filters.setting(message, listener)
                .map(setting -> filters.onRoute(listener, List.of(setting), message)));
    }

    @Override
    public ResourceReader resources(Set<String> clusters) {
        Problems problems = new Problems();
        Schema schema = Schema.load(formats);
        Msg nothing = new Checker(schema, Support.load(formats), problems, false)
                .check(EnvoyBootstrap.TYPE, new Yaml.Mapping(new Mark("", 0)));
        return new EnvoyResources(
                schema, new EnvoyBootstrap.Options(false, false, formats, operators), nothing, clusters);
    }

    /** What is made of a message that was checked. */
    private interface Use {
        Optional<FilterConfig> of(Filters filters, Msg message);
    }

    private Optional<FilterConfig> read(Section own, Use use) {
        return own.object(KEY).flatMap(content -> {
            Problems problems = new Problems();
            Schema schema = Schema.load(formats);
            Reading reading = new Reading(
                    problems, schema, new EnvoyBootstrap.Options(false, false, formats, operators), new FilesRead());
            Optional<Msg> message = new Checker(schema, Support.load(formats), problems, false)
                    .extension(tree(content, own), own.path(KEY));
            Optional<FilterConfig> filter = message.flatMap(one -> use.of(new Filters(reading, formats), one));
            problems.errors().forEach(own::error);
            problems.warnings().forEach(own::warn);
            return filter;
        });
    }

    /** In the order of the lines: a section of HOCON has none. */
    private static Yaml.Mapping tree(ConfigObject section, Section own) {
        Yaml.Mapping mapping = new Yaml.Mapping(mark(section, own));
        section.entrySet().stream()
                .sorted(Comparator.comparingInt((Map.Entry<String, ConfigValue> entry) -> line(entry.getValue()))
                        .thenComparing(Map.Entry.comparingByKey()))
                .forEach(entry ->
                        mapping.put(entry.getKey(), mark(entry.getValue(), own), value(entry.getValue(), own)));
        return mapping;
    }

    private static Yaml value(ConfigValue value, Section own) {
        if (value instanceof ConfigObject section) {
            return tree(section, own);
        }
        if (value instanceof ConfigList list) {
            List<Yaml> items = new ArrayList<>();
            list.forEach(item -> items.add(value(item, own)));
            return new Yaml.Sequence(items, mark(value, own));
        }
        return new Yaml.Scalar(
                String.valueOf(value.unwrapped()), value.valueType() == ConfigValueType.STRING, mark(value, own));
    }

    private static Mark mark(ConfigValue value, Section own) {
        return new Mark(own.file(value), line(value));
    }

    private static int line(ConfigValue value) {
        return Math.max(0, value.origin().lineNumber());
    }
}
