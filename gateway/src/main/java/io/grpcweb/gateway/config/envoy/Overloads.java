package io.grpcweb.gateway.config.envoy;

import io.grpcweb.gateway.config.OverloadConfig;
import io.grpcweb.gateway.config.OverloadConfig.Action;
import io.grpcweb.gateway.config.OverloadConfig.Kind;
import io.grpcweb.gateway.config.OverloadConfig.Monitor;
import io.grpcweb.gateway.config.OverloadConfig.Place;
import io.grpcweb.gateway.config.OverloadConfig.Reduction;
import io.grpcweb.gateway.config.OverloadConfig.Resource;
import io.grpcweb.gateway.config.OverloadConfig.ShedPoint;
import io.grpcweb.gateway.config.OverloadConfig.Timer;
import io.grpcweb.gateway.config.OverloadConfig.Trigger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The overload manager of a bootstrap: {@code envoy.config.overload.v3.OverloadManager}. */
final class Overloads {
    private static final String ACTIONS = "envoy.overload_actions.";
    private static final String PLACES = "envoy.load_shed_points.";
    private static final String CONNECTIONS = "envoy.resource_monitors.global_downstream_max_connections";

    private static final Map<String, Resource> RESOURCES = Map.of(
            "FixedHeapConfig", Resource.MEMORY,
            "CgroupMemoryConfig", Resource.CGROUP,
            "DownstreamConnectionsConfig", Resource.CONNECTIONS,
            "CpuUtilizationConfig", Resource.CPU,
            "InjectedResourceConfig", Resource.FILE);

    private static final Map<String, Place> BY_NAME = Map.of(
            "tcp_listener_accept", Place.ACCEPT,
            "http_connection_manager_decode_headers", Place.REQUEST_HEAD,
            "http1_server_abort_dispatch", Place.HTTP1_READ,
            "http2_server_go_away_on_dispatch", Place.HTTP2_READ,
            "http2_server_go_away_and_close_on_dispatch", Place.HTTP2_READ_CLOSE);

    private final Reading reading;

    Overloads(Reading reading) {
        this.reading = reading;
    }

    OverloadConfig read(Msg manager) {
        List<Monitor> monitors = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Msg monitor : manager.messages("resource_monitors")) {
            if (!names.add(monitor.text("name"))) {
                reading.error(monitor, "name", "Duplicate resource monitor " + monitor.text("name"));
            }
            monitor(monitor).ifPresent(monitors::add);
        }
        List<Action> actions = new ArrayList<>();
        List<Reduction> timers = new ArrayList<>();
        Set<Kind> kinds = EnumSet.noneOf(Kind.class);
        for (Msg action : manager.messages("actions")) {
            Optional<Kind> kind = kind(action);
            kind.ifPresent(one -> {
                if (!kinds.add(one)) {
                    reading.error(action, "name", "Duplicate overload action " + action.text("name"));
                }
                actions.add(new Action(one, triggers(action, names)));
            });
            if (kind.isPresent() && kind.get() == Kind.REDUCE_TIMEOUTS) {
                timers.addAll(timers(action));
            }
        }
        List<ShedPoint> places = new ArrayList<>();
        for (Msg point : manager.messages("loadshed_points")) {
            place(point).ifPresent(one -> places.add(new ShedPoint(one, triggers(point, names))));
        }
        Optional<Msg> accounts = manager.message("buffer_factory_config");
        if (kinds.contains(Kind.RESET_HIGH_MEMORY_STREAM) && accounts.isEmpty()) {
            reading.error(
                    manager,
                    "",
                    "Overload action \"" + ACTIONS + "reset_high_memory_stream\" requires buffer_factory_config.");
        }
        return new OverloadConfig(
                manager.duration("refresh_interval", OverloadConfig.DEFAULT.refresh()),
                monitors,
                actions,
                places,
                timers,
                accounts.map(one -> one.integer("minimum_account_to_track_power_of_two", 0))
                        .orElse(OverloadConfig.DEFAULT.smallestStream()));
    }

    /** Nothing where the kind is refused, which was reported with its row. */
    private Optional<Monitor> monitor(Msg monitor) {
        Optional<Msg> typed = monitor.message("typed_config");
        if (typed.isEmpty()) {
            if (!monitor.has("typed_config")) {
                reading.error(monitor, "", "needs typed_config with \"@type\"");
            }
            return Optional.empty();
        }
        String type = typed.get().type();
        Resource resource = RESOURCES.get(type.substring(type.lastIndexOf('.') + 1));
        if (resource == null) {
            reading.error(monitor, "typed_config", type + " is no resource monitor that is supported");
            return Optional.empty();
        }
        Msg config = typed.get();
        long most =
                switch (resource) {
                    case MEMORY -> heap(config);
                    case CGROUP -> config.number("max_memory_bytes", 0);
                    case CONNECTIONS -> config.number("max_active_downstream_connections", 0);
                    default -> 0;
                };
        return Optional.of(new Monitor(monitor.text("name"), resource, most, config.text("filename")));
    }

    private long heap(Msg config) {
        long most = config.number("max_heap_size_bytes", 0);
        if (most == 0) {
            reading.error(config, "", "max_heap_size_bytes is required and must be greater than 0");
        }
        return most;
    }

    private Optional<Kind> kind(Msg action) {
        String name = action.text("name");
        for (Kind kind : Kind.values()) {
            if (name.equals(ACTIONS + kind.name().toLowerCase(Locale.ROOT))) {
                if (action.has("typed_config") && kind != Kind.REDUCE_TIMEOUTS && kind != Kind.SHRINK_HEAP) {
                    reading.error(
                            action,
                            "typed_config",
                            "Overload action \"" + name + "\" has an unexpected value for the typed_config field");
                }
                return Optional.of(kind);
            }
        }
        reading.error(action, "name", "Unknown Overload Manager Action " + name);
        return Optional.empty();
    }

    private Optional<Place> place(Msg point) {
        String name = point.text("name");
        Place place = name.startsWith(PLACES) ? BY_NAME.get(name.substring(PLACES.length())) : null;
        if (place == null) {
            reading.warn(point, "name", "no work is turned away at '" + name + "' here");
        }
        return Optional.ofNullable(place);
    }

    private List<Trigger> triggers(Msg owner, Set<String> monitors) {
        List<Trigger> found = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Msg trigger : owner.messages("triggers")) {
            String name = trigger.text("name");
            if (!monitors.contains(name)) {
                reading.error(
                        trigger,
                        "name",
                        "Unknown trigger resource " + name + " for overload action " + owner.text("name"));
            } else if (name.equals(CONNECTIONS)) {
                reading.warn(trigger, "name", "Envoy does not know this monitor in triggers");
            }
            if (!seen.add(name)) {
                reading.error(trigger, "name", "Duplicate trigger resource for overload action " + owner.text("name"));
            }
            trigger.message("threshold")
                    .ifPresent(one -> found.add(new Trigger(name, one.decimal("value", 0), one.decimal("value", 0))));
            trigger.message("scaled").ifPresent(one -> found.add(scaled(name, one)));
        }
        return found;
    }

    private Trigger scaled(String name, Msg scaled) {
        double from = scaled.decimal("scaling_threshold", 0);
        double full = scaled.decimal("saturation_threshold", 0);
        if (from >= full) {
            reading.error(
                    scaled,
                    "scaling_threshold",
                    "scaling_threshold must be less than saturation_threshold: " + from + " and " + full);
        }
        return new Trigger(name, from, full);
    }

    private List<Reduction> timers(Msg action) {
        List<Reduction> found = new ArrayList<>();
        Set<Timer> seen = EnumSet.noneOf(Timer.class);
        Optional<Msg> typed = action.message("typed_config");
        if (typed.isEmpty() && !action.has("typed_config")) {
            reading.error(action, "", "Overload action \"reduce_timeouts\" requires typed_config");
        }
        for (Msg timer : typed.map(one -> one.messages("timer_scale_factors")).orElse(List.of())) {
            String name = timer.text("timer");
            Timer one = Timer.valueOf(name.replace("HTTP_DOWNSTREAM_", ""));
            if (!seen.add(one)) {
                reading.error(timer, "timer", "Found duplicate entry for timer type " + name);
            }
            found.add(new Reduction(
                    one,
                    timer.duration("min_timeout", Duration.ZERO),
                    timer.message("min_scale")
                            .map(percent -> percent.decimal("value", 0) / 100)
                            .orElse(0.0)));
        }
        return found;
    }
}
