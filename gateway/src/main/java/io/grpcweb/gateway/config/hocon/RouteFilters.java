package io.grpcweb.gateway.config.hocon;

import io.grpcweb.gateway.config.FilterConfig;
import io.grpcweb.gateway.config.RouteConfig.FilterOverride;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** What virtual hosts and routes say of the filters of their listener. */
final class RouteFilters {
    private final FilterFormats formats;

    RouteFilters(FilterFormats formats) {
        this.formats = formats;
    }

    /**
     * Settings of a listener, a virtual host or a route that stand in sections of their own, by the name of the filter; by
     * its type where the listener does not have it.
     *
     * @param outer those around it
     */
    Map<String, FilterConfig> places(Section owner, FilterFormats.Chain chain, Map<String, FilterConfig> outer) {
        Map<String, FilterConfig> found = new LinkedHashMap<>();
        for (OwnFormat<?> format : formats.all()) {
            if (format.hasPlaces()) {
                String name = name(format, chain.filters());
                place(format, name, owner, outer.get(name)).ifPresent(one -> {
                    found.put(name, one);
                    if (one.placed() && !one.crossOrigin() && owner.has(format.type()) && !has(chain, name)) {
                        owner.error(
                                format.type(),
                                "the listener does not have the filter '" + format.type()
                                        + "': write it in filters, before grpc-web");
                    }
                });
            }
        }
        return found;
    }

    private static boolean has(FilterFormats.Chain chain, String name) {
        return chain.filters().stream().anyMatch(filter -> filter.name().equals(name));
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
    Map<String, FilterOverride> unrouted(FilterFormats.Chain chain, Map<String, FilterConfig> places) {
        return chosen(chain, places, FilterConfig::crossOrigin);
    }

    private static Map<String, FilterOverride> chosen(
            FilterFormats.Chain chain, Map<String, FilterConfig> places, Predicate<FilterConfig> which) {
        Map<String, FilterOverride> found = new LinkedHashMap<>();
        places.forEach((name, settings) -> {
            if (which.test(settings) && !chain.offByDefault().contains(name)) {
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
    Map<String, FilterOverride> overrides(Section route, FilterFormats.Chain chain, Map<String, FilterConfig> outer) {
        Map<String, FilterConfig> places = places(route, chain, outer);
        Map<String, FilterOverride> found = chosen(chain, places, FilterConfig::placed);
        Map<String, FilterOverride> said = said(route, chain);
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

    /** What a cluster says in its section {@code filters}, over what its route says. */
    Map<String, FilterOverride> ofCluster(
            Section cluster, FilterFormats.Chain chain, Map<String, FilterOverride> route) {
        Map<String, FilterOverride> said = said(cluster, chain);
        if (said.isEmpty()) {
            return said;
        }
        Map<String, FilterOverride> found = new LinkedHashMap<>(route);
        found.putAll(said);
        return found;
    }

    private Map<String, FilterOverride> said(Section route, FilterFormats.Chain chain) {
        List<FilterConfig> filters = chain.filters();
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
                            .ifPresent(one -> formats.setting(one, filter.get()).ifPresent(replaced -> {
                                chain.places().put(replaced, one.origin());
                                found.put(name, new FilterOverride.Replaced(replaced));
                            }));
                }
            }
        });
        return found;
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
            boolean written = placed(own) || placed(around);
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
                tree.put(name, formats.write(replaced.filter()));
            } else {
                tree.off(name);
            }
        });
        place.section("filters", tree);
    }

    /** What a cluster says otherwise than its route. */
    void writeOfCluster(
            Tree cluster,
            Map<String, FilterOverride> overrides,
            Map<String, FilterOverride> route,
            FilterFormats.Chain chain) {
        if (overrides.isEmpty()) {
            return;
        }
        Tree tree = new Tree();
        for (FilterConfig filter : chain.filters()) {
            String name = filter.name();
            FilterOverride usual = chain.offByDefault().contains(name)
                    ? new FilterOverride.Disabled()
                    : new FilterOverride.Replaced(filter);
            FilterOverride here = overrides.getOrDefault(name, usual);
            if (!here.equals(route.getOrDefault(name, usual))) {
                if (here instanceof FilterOverride.Replaced replaced) {
                    tree.put(name, formats.write(replaced.filter()));
                } else {
                    tree.off(name);
                }
            }
        }
        cluster.section("filters", tree);
    }

    private static boolean placed(FilterOverride override) {
        return override instanceof FilterOverride.Replaced replaced
                && replaced.filter().placed();
    }

    private void writePlace(Tree place, FilterOverride own, FilterOverride outer) {
        FilterConfig any = placed(own) ? settings(own).get() : settings(outer).get();
        writePlace(formats.of(any), place, settings(own), settings(outer));
    }

    private static Optional<FilterConfig> settings(FilterOverride override) {
        return override instanceof FilterOverride.Replaced replaced ? Optional.of(replaced.filter()) : Optional.empty();
    }

    private static <C extends FilterConfig> void writePlace(
            OwnFormat<C> format, Tree place, Optional<FilterConfig> own, Optional<FilterConfig> outer) {
        format.writePlace(place, own.map(format.settings()::cast), outer.map(format.settings()::cast));
    }
}
