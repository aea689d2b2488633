package io.grpcweb.gateway.filter.statefulsession;

import io.grpcweb.gateway.config.envoy.Msg;
import io.grpcweb.gateway.config.envoy.Reading;
import io.grpcweb.gateway.config.hocon.Section;
import io.grpcweb.gateway.config.hocon.Tree;
import io.grpcweb.gateway.filter.FilterContext;
import io.grpcweb.gateway.filter.FilterKind;
import io.grpcweb.gateway.filter.statefulsession.StatefulSessionConfig.Cookie;
import io.grpcweb.gateway.filter.statefulsession.StatefulSessionConfig.Field;
import io.grpcweb.gateway.filter.statefulsession.StatefulSessionConfig.State;
import io.grpcweb.gateway.http.HttpFilterFactory;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The filter {@code stateful-session}. */
public final class StatefulSessionKind implements FilterKind<StatefulSessionConfig> {
    private static final String PACKAGE = "envoy.extensions.filters.http.stateful_session.v3.";

    @Override
    public Class<StatefulSessionConfig> settings() {
        return StatefulSessionConfig.class;
    }

    @Override
    public String type() {
        return "stateful-session";
    }

    @Override
    public List<String> envoyTypes() {
        return List.of(PACKAGE + "StatefulSession", PACKAGE + "StatefulSessionPerRoute");
    }

    @Override
    public StatefulSessionConfig read(String name, Section own) {
        Optional<State> state = own.section("cookie").map(StatefulSessionKind::cookie);
        if (state.isEmpty()) {
            state = own.text("header").map(field -> new Field(field.toLowerCase(Locale.ROOT)));
        }
        if (own.has("cookie") && own.has("header")) {
            own.error("", "only one of cookie and header may be written");
        }
        return new StatefulSessionConfig(
                name,
                state,
                own.flag("strict", false),
                own.integer("strict-status", StatefulSessionConfig.UNAVAILABLE, 400, 599),
                own.text("stat-prefix", ""));
    }

    private static State cookie(Section own) {
        if (own.text("name").isEmpty()) {
            own.error("", "'name' is required");
        }
        return new Cookie(
                own.text("name", ""),
                own.text("path", ""),
                own.duration("ttl", Duration.ZERO).toSeconds(),
                own.texts("attributes"));
    }

    @Override
    public void write(StatefulSessionConfig config, Tree own) {
        config.state().ifPresent(state -> {
            if (state instanceof Cookie cookie) {
                own.put(
                        "cookie",
                        new Tree()
                                .put("name", cookie.name())
                                .put("path", cookie.path(), "")
                                .put("ttl", Duration.ofSeconds(cookie.ttlSeconds()), Duration.ZERO)
                                .list("attributes", cookie.attributes()));
            } else {
                own.put("header", ((Field) state).name());
            }
        });
        own.put("strict", config.strict(), false)
                .put("strict-status", config.strictStatus(), StatefulSessionConfig.UNAVAILABLE)
                .put("stat-prefix", config.statPrefix(), "");
    }

    @Override
    public StatefulSessionConfig read(String name, Msg typed, Reading envoy) {
        long status = typed.number("status_on_strict_destination_not_found", 0);
        if (status != 0 && (status < 100 || status > 599)) {
            envoy.error(typed, "status_on_strict_destination_not_found", status + " is no HTTP status");
        }
        return new StatefulSessionConfig(
                name,
                typed.message("session_state")
                        .flatMap(extension -> extension.message("typed_config"))
                        .flatMap(state -> state(state, envoy)),
                typed.flag("strict", false),
                status == 0 ? StatefulSessionConfig.UNAVAILABLE : (int) status,
                typed.text("stat_prefix"));
    }

    private static Optional<State> state(Msg state, Reading envoy) {
        if (state.type().endsWith(".HeaderBasedSessionState")) {
            return Optional.of(new Field(state.text("name").toLowerCase(Locale.ROOT)));
        }
        if (!state.type().endsWith(".CookieBasedSessionState")) {
            envoy.error(state, "", "not supported by this gateway: " + state.type());
            return Optional.empty();
        }
        return state.message("cookie")
                .map(cookie -> new Cookie(
                        cookie.text("name"),
                        cookie.text("path"),
                        cookie.duration("ttl", Duration.ZERO).toSeconds(),
                        cookie.messages("attributes").stream()
                                .map(one -> one.text("name")
                                        + one.filled("value")
                                                .map(value -> "=" + value)
                                                .orElse(""))
                                .toList()));
    }

    /** A message of a route holds one of the filter, or turns it off. */
    @Override
    public StatefulSessionConfig readPlace(String name, Msg typed, Reading envoy) {
        return typed.type().endsWith("PerRoute")
                ? typed.message("stateful_session")
                        .map(one -> read(name, one, envoy))
                        .orElse(new StatefulSessionConfig(
                                name, Optional.empty(), false, StatefulSessionConfig.UNAVAILABLE, ""))
                : read(name, typed, envoy);
    }

    @Override
    public HttpFilterFactory make(StatefulSessionConfig config, FilterContext context) {
        return new StatefulSessionFactory(
                config,
                config.state()
                        .map(state -> Carrier.of(state, () -> System.currentTimeMillis() / 1000))
                        .orElse(null),
                stats(config, context));
    }

    private static StatefulSessionStats stats(StatefulSessionConfig config, FilterContext context) {
        String http = context.http().statPrefix();
        String prefix = config.statPrefix();
        return prefix.isEmpty()
                ? new StatefulSessionStats(http, prefix)
                : context.stats()
                        .group(
                                "http." + http + ".stateful_session." + prefix,
                                StatefulSessionStats.class,
                                () -> new StatefulSessionStats(http, prefix));
    }
}
