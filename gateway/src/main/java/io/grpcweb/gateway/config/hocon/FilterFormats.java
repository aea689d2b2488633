package io.grpcweb.gateway.config.hocon;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.grpcweb.gateway.config.FilesRead;
import io.grpcweb.gateway.config.FilterConfig;
import io.grpcweb.gateway.config.RouteConfig.FilterOverride;
import java.util.ArrayList;
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
     */
    record Chain(List<FilterConfig> filters, Set<String> offByDefault) {}

    /** The list of a listener; the router is added where it is not written. */
    Chain read(Section owner) {
        Section nothing = owner.empty(owner.path("filters"));
        if (!owner.has("filters")) {
            return new Chain(usual(nothing), Set.of());
        }
        List<FilterConfig> filters = new ArrayList<>();
        Set<String> offByDefault = new LinkedHashSet<>();
        int index = 0;
        for (ConfigValue item : owner.items("filters")) {
            String where = owner.path("filters") + "[" + index++ + "]";
            if (item.valueType() == ConfigValueType.STRING) {
                String type = (String) item.unwrapped();
                filter(nothing, type, type, owner).ifPresent(filters::add);
            } else {
                owner.section(item, where).ifPresent(one -> {
                    String type = one.text("type", "");
                    String name = one.text("name", type);
                    if (one.flag("disabled", false)) {
                        offByDefault.add(name);
                    }
                    filter(one, type, name, one).ifPresent(filters::add);
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
        return new Chain(filters, offByDefault);
    }

    /** What a listener has that names no filters. */
    private List<FilterConfig> usual(Section nothing) {
        List<FilterConfig> filters = new ArrayList<>();
        OwnDefaults.FILTERS.forEach(type -> filters.add(byType.get(type).read(type, nothing)));
        return filters;
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

    void write(Tree owner, List<FilterConfig> filters, Set<String> offByDefault) {
        Section nothing = new Section(ConfigFactory.empty().root(), "", new Findings("", new FilesRead()));
        if (!filters.equals(usual(nothing)) || !offByDefault.isEmpty()) {
            owner.put(
                    "filters",
                    filters.stream()
                            .map(filter -> write(filter).put("disabled", offByDefault.contains(filter.name()), false))
                            .toList());
        }
    }

    private Tree write(FilterConfig filter) {
        return write(bySettings.get(filter.getClass()), filter);
    }

    private static <C extends FilterConfig> Tree write(OwnFormat<C> format, FilterConfig filter) {
        Tree tree = new Tree().put("type", format.type()).put("name", filter.name(), format.type());
        format.write(format.settings().cast(filter), tree);
        return tree;
    }

    /**
     * Settings of a listener, a virtual host or a route that stand in sections of their own, by the name of the filter; by
     * its type where the listener does not have it.
     *
     * @param outer those around it
     */
    Map<String, FilterConfig> places(Section owner, Chain chain, Map<String, FilterConfig> outer) {
        Map<String, FilterConfig> found = new LinkedHashMap<>();
        for (OwnFormat<?> format : byType.values()) {
            if (format.hasPlaces()) {
                String name = name(format, chain.filters());
                place(format, name, owner, outer.get(name)).ifPresent(one -> found.put(name, one));
            }
        }
        return found;
    }

    private static String name(OwnFormat<?> format, List<FilterConfig> filters) {
        return filters.stream()
                .filter(format.settings()::isInstance)
                .map(FilterConfig::name)
                .findFirst()
                .orElse(format.type());
    }

    private static <C extends FilterConfig> Optional<C> place(
            OwnFormat<C> format, String name, Section owner, FilterConfig outer) {
        return format.readPlace(name, owner, Optional.ofNullable(outer).map(format.settings()::cast));
    }

    /** What the sections of a virtual host say for requests that no route takes. */
    Map<String, FilterOverride> unrouted(Chain chain, Map<String, FilterConfig> places) {
        Map<String, FilterOverride> found = new LinkedHashMap<>();
        places.forEach((name, settings) -> {
            if (settings.crossOrigin() && !chain.offByDefault().contains(name)) {
                found.put(name, new FilterOverride.Replaced(settings));
            }
        });
        return found;
    }

    /**
     * What a route says of filters: in sections of their own, and in {@code filters { NAME = off }} or with other settings.
     *
     * @param outer the sections around the route
     */
    Map<String, FilterOverride> overrides(Section route, Chain chain, Map<String, FilterConfig> outer) {
        Map<String, FilterConfig> places = places(route, chain, outer);
        Map<String, FilterOverride> found = unrouted(chain, places);
        Map<String, FilterOverride> said = said(route, chain.filters());
        outer.keySet().stream()
                .filter(name -> !places.containsKey(name))
                .forEach(name -> found.put(name, new FilterOverride.Disabled()));
        said.forEach((name, override) -> {
            boolean on = override instanceof FilterOverride.Replaced;
            if (on && places.containsKey(name)) {
                found.put(name, new FilterOverride.Replaced(places.get(name)));
            } else if (!on || !found.containsKey(name)) {
                found.put(name, override);
            }
        });
        return found;
    }

    private Map<String, FilterOverride> said(Section route, List<FilterConfig> filters) {
        Map<String, FilterOverride> found = new LinkedHashMap<>();
        Optional<Section> section = route.has("filters") ? route.section("filters") : Optional.empty();
        section.ifPresent(all -> {
            for (String name : all.keys()) {
                Optional<FilterConfig> filter =
                        filters.stream().filter(one -> one.name().equals(name)).findFirst();
                if (filter.isEmpty()) {
                    all.has(name);
                    all.error(
                            name,
                            "the listener has no filter of this name; it has "
                                    + String.join(
                                            ", ",
                                            filters.stream()
                                                    .map(FilterConfig::name)
                                                    .toList()));
                } else if (all.isText(name)) {
                    found.put(
                            name,
                            all.flag(name, true)
                                    ? new FilterOverride.Replaced(filter.get())
                                    : new FilterOverride.Disabled());
                } else {
                    all.section(name)
                            .flatMap(one -> setting(one, filter.get()))
                            .ifPresent(replaced -> found.put(name, new FilterOverride.Replaced(replaced)));
                }
            }
        });
        return found;
    }

    private Optional<FilterConfig> setting(Section one, FilterConfig filter) {
        one.has("name");
        if (one.text("type", "").equals(ENVOY)) {
            return typed.onRoute(filter, one);
        }
        return Optional.of(bySettings.get(filter.getClass()).read(filter.name(), one));
    }

    /**
     * What a virtual host or a route says of filters.
     *
     * @param outer what the virtual host says, or nothing
     * @param offByDefault which filters a route must turn on
     */
    void writeOverrides(
            Tree place,
            Map<String, FilterOverride> overrides,
            Map<String, FilterOverride> outer,
            Set<String> offByDefault) {
        Map<String, FilterOverride> rest = new LinkedHashMap<>(overrides);
        Set<String> names = new LinkedHashSet<>(outer.keySet());
        names.addAll(overrides.keySet());
        for (String name : names) {
            FilterOverride own = overrides.get(name);
            FilterOverride around = outer.get(name);
            boolean written = crossOrigin(own) || crossOrigin(around);
            if (written) {
                writePlace(place, own, around);
            }
            if (written && !offByDefault.contains(name)) {
                rest.remove(name);
            }
        }
        Tree tree = new Tree();
        rest.forEach((name, override) -> {
            if (override instanceof FilterOverride.Replaced replaced) {
                tree.put(name, write(replaced.filter()));
            } else {
                tree.off(name);
            }
        });
        place.section("filters", tree);
    }

    private static boolean crossOrigin(FilterOverride override) {
        return override != null && override.crossOrigin();
    }

    private void writePlace(Tree place, FilterOverride own, FilterOverride outer) {
        FilterConfig any =
                crossOrigin(own) ? settings(own).get() : settings(outer).get();
        writePlace(bySettings.get(any.getClass()), place, settings(own), settings(outer));
    }

    private static Optional<FilterConfig> settings(FilterOverride override) {
        return override instanceof FilterOverride.Replaced replaced ? Optional.of(replaced.filter()) : Optional.empty();
    }

    private static <C extends FilterConfig> void writePlace(
            OwnFormat<C> format, Tree place, Optional<FilterConfig> own, Optional<FilterConfig> outer) {
        format.writePlace(place, own.map(format.settings()::cast), outer.map(format.settings()::cast));
    }
}
