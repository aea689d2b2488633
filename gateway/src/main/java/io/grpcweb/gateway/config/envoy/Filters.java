package io.grpcweb.gateway.config.envoy;

import io.grpcweb.gateway.config.FilterConfig;
import io.grpcweb.gateway.config.FilterPlaces;
import io.grpcweb.gateway.config.Origin;
import io.grpcweb.gateway.config.RouteConfig.FilterOverride;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** HTTP filters of a listener, and what routes say of them. Each is read by its {@link EnvoyFormat}. */
final class Filters {
    /** An entry of the list of filters. */
    static final String HTTP_FILTER = "envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter";

    /** What a place says of any filter: whether it is on, and its settings. */
    static final String OVERRIDE = "envoy.config.route.v3.FilterConfig";

    private final Reading reading;
    private final Map<String, EnvoyFormat<?>> byMessage = new HashMap<>();
    private final Map<Class<?>, EnvoyFormat<?>> bySettings = new HashMap<>();
    private final Set<String> offByDefault = new HashSet<>();
    private final FilterPlaces places = new FilterPlaces();

    /** The types of filters that are off, or do nothing before a route says more, and are not supported, by their names. */
    private final Map<String, String> dormant = new HashMap<>();

    Filters(Reading reading, List<? extends EnvoyFormat<?>> formats) {
        this.reading = reading;
        for (EnvoyFormat<?> format : formats) {
            bySettings.put(format.settings(), format);
            format.envoyTypes().forEach(message -> byMessage.put(message, format));
        }
    }

    List<FilterConfig> read(Msg manager) {
        offByDefault.clear();
        dormant.clear();
        List<FilterConfig> filters = new ArrayList<>();
        Set<String> names = new HashSet<>();
        boolean complete = true;
        for (Msg item : manager.messages("http_filters")) {
            String name = item.text("name");
            Optional<Msg> typed = item.message("typed_config");
            if (typed.isEmpty()) {
                complete = false;
                if (!item.has("typed_config") && !reading.problems.any()) {
                    reading.error(
                            item, "", "needs typed_config with \"@type\": '" + name + "' is not known by its name");
                }
                continue;
            }
            if (!names.add(name)) {
                reading.error(item, "name", "two filters are called '" + name + "'");
            }
            if (typed.get().isInert()) {
                dormant.put(name, typed.get().type());
                continue;
            }
            if (typed.get().isUnsupported()) {
                reading.warn(
                        item, "typed_config", typed.get().type() + " is not supported by this gateway, and is off");
                dormant.put(name, typed.get().type());
                continue;
            }
            Optional<FilterConfig> filter = filter(name, typed.get());
            if (filter.isEmpty()) {
                reading.error(item, "typed_config", typed.get().type() + " is no HTTP filter");
                complete = false;
            } else {
                filters.add(filter.get());
                places.put(filter.get(), new Origin(item.place()));
                if (item.flag("disabled", false)) {
                    disabled(item, filter.get());
                }
            }
        }
        if (complete) {
            routerLast(manager, filters);
        }
        return filters;
    }

    /** Such a filter is off for each route that does not turn it on. */
    private void disabled(Msg item, FilterConfig filter) {
        if (filter.terminal()) {
            reading.error(item, "disabled", "the router cannot be disabled");
        } else {
            offByDefault.add(filter.name());
        }
    }

    /** Names of the filters of the list that was read last, which are off where no route turns them on. */
    Set<String> offByDefault() {
        return offByDefault;
    }

    /** Where the filters that were read stand. */
    FilterPlaces places() {
        return places;
    }

    private void routerLast(Msg manager, List<FilterConfig> filters) {
        long routers = filters.stream().filter(FilterConfig::terminal).count();
        if (routers != 1 || !filters.get(filters.size() - 1).terminal()) {
            reading.error(
                    manager,
                    "http_filters",
                    "the last HTTP filter must be envoy.filters.http.router, and only the last");
        }
    }

    /** A filter that stands alone; empty where the message is none, which is reported. */
    Optional<FilterConfig> alone(String name, Msg typed) {
        Optional<FilterConfig> filter = filter(name, typed);
        if (filter.isEmpty()) {
            reading.error(
                    typed,
                    "",
                    typed.type()
                            + (typed.isWithoutEffect() ? " does nothing here: leave it out" : " is no HTTP filter"));
        }
        return filter;
    }

    private Optional<FilterConfig> filter(String name, Msg typed) {
        return Optional.ofNullable(byMessage.get(typed.type())).map(format -> format.read(name, typed, reading));
    }

    /** What one place of the configuration says of a filter. */
    sealed interface Given {
        /** The filter is off. */
        record Off() implements Given {}

        /** The filter is on, with settings of its own where the place has some. */
        record On(Optional<FilterConfig> settings, String place) implements Given {}
    }

    /**
     * A route, a virtual host or a route configuration.
     *
     * @param filters what it says of filters, by their names
     * @param older the messages that may have settings of filters in fields of their own
     */
    record Place(Msg message, Map<String, Given> filters, List<Msg> older) {}

    Place place(Msg owner, List<FilterConfig> filters, Msg... older) {
        Map<String, Given> found = new LinkedHashMap<>();
        owner.map("typed_per_filter_config").forEach((name, given) -> {
            Optional<FilterConfig> filter =
                    filters.stream().filter(one -> one.name().equals(name)).findFirst();
            if (dormant.containsKey(name)) {
                if (!isOff(given)) {
                    reading.error(
                            given, "", "not supported by this gateway: " + dormant.get(name) + " is turned on here");
                }
            } else if (filter.isEmpty()) {
                reading.warn(given, "", "no HTTP filter is called '" + name + "': this changes nothing");
            } else if (isOff(given)) {
                found.put(name, new Given.Off());
            } else {
                Optional<Msg> content = given.type().equals(OVERRIDE) ? given.message("config") : Optional.of(given);
                boolean leftOut = given.flag("is_optional", false)
                        && content.map(Msg::isUnsupported).orElse(false);
                found.put(
                        name,
                        new Given.On(
                                leftOut ? Optional.empty() : content.flatMap(one -> setting(one, filter.get())),
                                given.place()));
            }
        });
        return new Place(owner, found, List.of(older));
    }

    private static boolean isOff(Msg given) {
        return given.type().equals(OVERRIDE) && given.flag("disabled", false);
    }

    /** What a route says of a filter, where the message is one for it. */
    Optional<FilterConfig> setting(Msg given, FilterConfig filter) {
        Optional<FilterConfig> read = Optional.<EnvoyFormat<?>>ofNullable(byMessage.get(given.type()))
                .filter(format -> format.settings().isInstance(filter))
                .map(format -> format.readPlace(filter.name(), given, reading));
        if (read.isEmpty()) {
            reading.error(given, "", given.type() + " is no setting of the filter '" + filter.name() + "'");
        }
        return read;
    }

    /**
     * What holds for a route. The most specific place that names a filter says whether it is on; its settings come from all
     * places that have some.
     *
     * @param places the route, the virtual host and the route configuration, the most specific first
     */
    Map<String, FilterOverride> overrides(List<Place> places, List<FilterConfig> filters) {
        Map<String, FilterOverride> found = new LinkedHashMap<>();
        for (FilterConfig filter : filters) {
            List<Given> given = places.stream()
                    .map(place -> place.filters().get(filter.name()))
                    .filter(Objects::nonNull)
                    .toList();
            boolean isOn = !given.isEmpty() && given.get(0) instanceof Given.On;
            if (!given.isEmpty() && !isOn) {
                found.put(filter.name(), new FilterOverride.Disabled());
                continue;
            }
            List<FilterConfig> settings = settings(given, filter, places);
            boolean off = offByDefault.contains(filter.name());
            if (!settings.isEmpty() && (isOn || !off)) {
                FilterConfig here = onRoute(filter, settings, places.get(0).message());
                if (!given.isEmpty() && here != filter) {
                    this.places.put(here, new Origin(((Given.On) given.get(0)).place()));
                }
                found.put(filter.name(), new FilterOverride.Replaced(here));
            } else if (isOn && off) {
                found.put(filter.name(), new FilterOverride.Replaced(filter));
            }
        }
        bySettings.values().stream()
                .filter(format -> filters.stream().noneMatch(format.settings()::isInstance))
                .forEach(format -> withoutFilter(format, places, found));
        return found;
    }

    private List<FilterConfig> settings(List<Given> given, FilterConfig filter, List<Place> places) {
        List<FilterConfig> settings = given.stream()
                .filter(Given.On.class::isInstance)
                .flatMap(one -> ((Given.On) one).settings().stream())
                .toList();
        return settings.isEmpty() ? older(bySettings.get(filter.getClass()), filter.name(), places) : settings;
    }

    private List<FilterConfig> older(EnvoyFormat<?> format, String name, List<Place> places) {
        List<FilterConfig> settings = new ArrayList<>();
        for (Place place : places) {
            for (Msg owner : place.older()) {
                format.readOlderPlace(name, owner, reading).ifPresent(settings::add);
            }
        }
        return settings;
    }

    /** They are kept, since the routes that preflights take depend on them. */
    private void withoutFilter(EnvoyFormat<?> format, List<Place> places, Map<String, FilterOverride> found) {
        for (String name : format.olderNames()) {
            List<FilterConfig> lost = older(format, name, places);
            if (!lost.isEmpty()) {
                Msg where = places.get(0).message();
                reading.warn(where, "", format.withoutFilter());
                found.put(name, new FilterOverride.Replaced(onRoute(lost.get(0), lost, where)));
            }
        }
    }

    /** What settings of places make of a filter of the listener. */
    FilterConfig onRoute(FilterConfig listener, List<FilterConfig> places, Msg where) {
        return onRoute(bySettings.get(listener.getClass()), listener, places, where);
    }

    private <C extends FilterConfig> C onRoute(
            EnvoyFormat<C> format, FilterConfig listener, List<FilterConfig> places, Msg where) {
        Class<C> settings = format.settings();
        return format.onRoute(
                settings.cast(listener), places.stream().map(settings::cast).toList(), where, reading);
    }
}
