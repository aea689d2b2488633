package io.grpcweb.gateway.config.hocon;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.grpcweb.gateway.config.FilesRead;
import io.grpcweb.gateway.config.FilterConfig;
import io.grpcweb.gateway.config.FilterPlaces;
import io.grpcweb.gateway.config.ResourceReader;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The HTTP filters that a file of the gateway's own format may name. Each is read and written by its {@link OwnFormat}. */
public final class FilterFormats {
    /** The type of a filter that is written as a message of Envoy. */
    private static final String ENVOY = "envoy";

    private final Map<String, OwnFormat<?>> byType = new LinkedHashMap<>();
    private final Map<Class<?>, OwnFormat<?>> bySettings = new HashMap<>();
    private final TypedFilters typed;

    /**
     * All formats.
     *
     * @param typed reads the filters of the type {@code envoy}
     */
    public FilterFormats(List<? extends OwnFormat<?>> formats, TypedFilters typed) {
        this.typed = typed;
        for (OwnFormat<?> format : formats) {
            byType.put(format.type(), format);
            bySettings.put(format.settings(), format);
        }
    }

    /**
     * The filters of a listener.
     *
     * @param offByDefault the names of those that are off where no route turns them on
     * @param places where they stand
     */
    record Chain(List<FilterConfig> filters, Set<String> offByDefault, FilterPlaces places) {}

    /** The list of a listener; the router is added where it is not written. */
    Chain fields(Fields owner, Chain given) {
        return owner.by(given, section -> section.has("filters") ? read(section) : given, this::write);
    }

    private Chain read(Section owner) {
        Section nothing = owner.empty(owner.path("filters"));
        List<FilterConfig> filters = new ArrayList<>();
        Set<String> offByDefault = new LinkedHashSet<>();
        FilterPlaces places = new FilterPlaces();
        int index = 0;
        for (ConfigValue item : owner.items("filters")) {
            String where = owner.path("filters") + "[" + index++ + "]";
            if (item.valueType() == ConfigValueType.STRING) {
                String type = (String) item.unwrapped();
                filter(nothing, type, type, owner).ifPresent(filter -> {
                    filters.add(filter);
                    places.put(filter, owner.origin(item, where));
                });
            } else {
                owner.section(item, where).ifPresent(one -> {
                    String type = one.text("type", "");
                    String name = one.text("name", type);
                    if (one.flag("disabled", false)) {
                        offByDefault.add(name);
                    }
                    filter(one, type, name, one).ifPresent(filter -> {
                        filters.add(filter);
                        places.put(filter, one.origin());
                    });
                });
            }
        }
        if (filters.stream().noneMatch(FilterConfig::terminal)) {
            filters.add(byType.get("router").read("router", nothing));
        } else if (!filters.get(filters.size() - 1).terminal()) {
            owner.error("filters", "the router must be the last filter");
        }
        if (filters.stream().map(FilterConfig::name).distinct().count() < filters.size()) {
            owner.error("filters", "two filters have the same name: write name = \"...\" for one of them");
        }
        return new Chain(filters, offByDefault, places);
    }

    /** What a listener has that names no filters. */
    Chain usual() {
        Section nothing = new Section(ConfigFactory.empty().root(), "", new Findings("", new FilesRead()));
        List<FilterConfig> filters = new ArrayList<>();
        OwnDefaults.FILTERS.forEach(type -> filters.add(byType.get(type).read(type, nothing)));
        return new Chain(filters, Set.of(), new FilterPlaces());
    }

    private Optional<FilterConfig> filter(Section one, String type, String name, Section where) {
        if (type.equals(ENVOY)) {
            return typed.read(name, one);
        }
        OwnFormat<?> format = byType.get(type);
        if (format == null) {
            where.error(
                    where == one ? "type" : "filters",
                    "'" + type + "' is none of the filters " + String.join(", ", byType.keySet()));
            return Optional.empty();
        }
        return Optional.of(format.read(name, one));
    }

    private void write(Tree owner, Chain chain) {
        if (!chain.equals(usual())) {
            owner.put(
                    "filters",
                    chain.filters().stream()
                            .map(filter -> write(filter)
                                    .put("disabled", chain.offByDefault().contains(filter.name()), false))
                            .toList());
        }
    }

    /** Reads what a control plane sends to a gateway with these clusters of its own. */
    ResourceReader resources(Set<String> clusters) {
        return typed.resources(clusters);
    }

    Collection<OwnFormat<?>> all() {
        return byType.values();
    }

    /** The format of a filter. */
    OwnFormat<?> of(FilterConfig filter) {
        return bySettings.get(filter.getClass());
    }

    /** What a section of a route makes of a filter of the listener; empty where it is broken, which is reported. */
    Optional<FilterConfig> setting(Section one, FilterConfig filter) {
        one.has("name");
        if (one.text("type", "").equals(ENVOY)) {
            return typed.onRoute(filter, one);
        }
        return Optional.of(of(filter).read(filter.name(), one));
    }

    /** One filter with its type and its name. */
    Tree write(FilterConfig filter) {
        return write(of(filter), filter);
    }

    private static <C extends FilterConfig> Tree write(OwnFormat<C> format, FilterConfig filter) {
        Tree tree = new Tree().put("type", format.type()).put("name", filter.name(), format.type());
        format.write(format.settings().cast(filter), tree);
        return tree;
    }
}
