package io.grpcweb.gateway.filter.rbac;

import io.grpcweb.gateway.config.envoy.Msg;
import io.grpcweb.gateway.config.envoy.Reading;
import io.grpcweb.gateway.config.hocon.Section;
import io.grpcweb.gateway.config.hocon.Tree;
import io.grpcweb.gateway.filter.FilterContext;
import io.grpcweb.gateway.filter.FilterKind;
import io.grpcweb.gateway.http.HttpFilterFactory;
import java.util.List;
import java.util.Optional;

/** The filter {@code rbac}. */
public final class RbacKind implements FilterKind<RbacConfig> {
    private static final String PACKAGE = "envoy.extensions.filters.http.rbac.v3.";

    @Override
    public Class<RbacConfig> settings() {
        return RbacConfig.class;
    }

    @Override
    public String type() {
        return "rbac";
    }

    @Override
    public List<String> envoyTypes() {
        return List.of(PACKAGE + "RBAC", PACKAGE + "RBACPerRoute");
    }

    @Override
    public RbacConfig read(String name, Section own) {
        return new RbacConfig(
                name,
                OwnRules.read(own),
                own.section("shadow").flatMap(OwnRules::read),
                own.text("stat-prefix", ""),
                own.text("shadow-stat-prefix", ""),
                own.flag("policy-stats", false),
                own.section("series")
                        .map(one -> new RbacConfig.Series(
                                one.text("stat-prefix", ""), one.text("shadow-stat-prefix", ""))));
    }

    @Override
    public void write(RbacConfig config, Tree own) {
        OwnRules.write(config.rules(), own);
        Tree shadow = new Tree();
        OwnRules.write(config.shadow(), shadow);
        own.section("shadow", shadow)
                .put("stat-prefix", config.statPrefix(), "")
                .put("shadow-stat-prefix", config.shadowStatPrefix(), "")
                .put("policy-stats", config.policyStats(), false);
        config.series()
                .ifPresent(series -> own.put(
                        "series",
                        new Tree()
                                .put("stat-prefix", series.prefix())
                                .put("shadow-stat-prefix", series.shadowPrefix())));
    }

    @Override
    public RbacConfig read(String name, Msg typed, Reading envoy) {
        return new RbacConfig(
                name,
                EnvoyRules.read(typed, "rules", "matcher", envoy),
                EnvoyRules.read(typed, "shadow_rules", "shadow_matcher", envoy),
                typed.text("rules_stat_prefix"),
                typed.text("shadow_rules_stat_prefix"),
                typed.flag("track_per_rule_stats", false));
    }

    /** A message of a route holds one of the filter; without that, the filter does nothing there. */
    @Override
    public RbacConfig readPlace(String name, Msg typed, Reading envoy) {
        return typed.type().endsWith("PerRoute")
                ? typed.message("rbac")
                        .map(one -> read(name, one, envoy))
                        .orElse(new RbacConfig(name, Optional.empty(), Optional.empty(), "", "", false))
                : read(name, typed, envoy);
    }

    /** The rules are the place's, with the names of what they tell; the series are the listener's. */
    @Override
    public RbacConfig onRoute(RbacConfig listener, List<RbacConfig> places, Msg where, Reading envoy) {
        RbacConfig place = places.get(0);
        return new RbacConfig(
                listener.name(),
                place.rules(),
                place.shadow(),
                place.statPrefix(),
                place.shadowStatPrefix(),
                place.policyStats(),
                Optional.of(listener.counted()).filter(series -> !series.equals(place.counted())));
    }

    @Override
    public HttpFilterFactory make(RbacConfig config, FilterContext context) {
        RbacConfig.Series series = config.counted();
        return new RbacFactory(
                config,
                new JudgeCounters(stats(series.prefix(), false, context), config.policyStats()),
                new JudgeCounters(stats(series.shadowPrefix(), true, context), config.policyStats()));
    }

    /** Rules with the same prefix share their series. */
    private static RbacStats stats(String prefix, boolean shadow, FilterContext context) {
        String http = context.http().statPrefix();
        return context.stats()
                .group(
                        "http." + http + ".rbac/" + prefix + (shadow ? "/shadow" : ""),
                        RbacStats.class,
                        () -> new RbacStats(http, prefix, shadow));
    }
}
