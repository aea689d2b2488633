package io.grpcweb.gateway.config.envoy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** The older spellings inside of a route configuration: CORS, matchers and rewrites. */
final class RouteUpgrade {
    private final BiConsumer<Mark, String> step;

    /** @param step is told of each change: where it was, and what to write instead */
    RouteUpgrade(BiConsumer<Mark, String> step) {
        this.step = step;
    }

    void apply(Yaml.Mapping routes) {
        for (Yaml.Mapping host : Yaml.mappings(routes.get("virtual_hosts"))) {
            cors(host);
            for (Yaml.Mapping route : Yaml.mappings(host.get("routes"))) {
                if (route.mapping("route") != null) {
                    action(route.mapping("route"));
                }
                if (route.mapping("match") != null) {
                    match(route.mapping("match"));
                }
            }
        }
    }

    private void action(Yaml.Mapping action) {
        cors(action);
        if (action.has("host_rewrite") && action.text("host_rewrite").indexOf('%') < 0) {
            step.accept(action.entries().get("host_rewrite").keyMark(), "host_rewrite_literal for host_rewrite");
            action.rename("host_rewrite", "host_rewrite_literal");
        }
    }

    private void cors(Yaml.Mapping owner) {
        Yaml.Mapping cors = owner.mapping("cors");
        if (cors == null) {
            return;
        }
        if (cors.has("enabled")) {
            step.accept(cors.entries().get("enabled").keyMark(), "filter_enabled for cors.enabled");
            Yaml enabled = cors.remove("enabled");
            String text = enabled instanceof Yaml.Mapping value
                    ? value.text("value")
                    : enabled instanceof Yaml.Scalar scalar ? scalar.text() : "";
            if (Scalars.flag(text).equals(Optional.of(false))) {
                owner.remove("cors");
                return;
            }
        }
        List<Yaml> matchers = new ArrayList<>(Yaml.items(cors.get("allow_origin_string_match")));
        origins(cors, "allow_origin", "exact", matchers);
        origins(cors, "allow_origin_regex", "regex", matchers);
    }

    private void origins(Yaml.Mapping cors, String field, String matcher, List<Yaml> matchers) {
        if (!cors.has(field)) {
            return;
        }
        Mark mark = cors.entries().get(field).keyMark();
        step.accept(mark, "allow_origin_string_match for " + field);
        for (Yaml origin : Yaml.items(cors.remove(field))) {
            Yaml.Mapping one = new Yaml.Mapping(origin.mark());
            if (matcher.equals("exact")) {
                one.put("exact", origin.mark(), origin);
            } else {
                one.put("safe_regex", origin.mark(), regex(origin));
            }
            matchers.add(one);
        }
        cors.put("allow_origin_string_match", mark, new Yaml.Sequence(matchers, mark));
    }

    private static Yaml.Mapping regex(Yaml text) {
        Yaml.Mapping regex = new Yaml.Mapping(text.mark());
        regex.put("regex", text.mark(), text);
        return regex;
    }

    private void match(Yaml.Mapping match) {
        if (match.get("regex") instanceof Yaml.Scalar text) {
            step.accept(match.entries().get("regex").keyMark(), "safe_regex for regex");
            match.remove("regex");
            match.put("safe_regex", text.mark(), regex(text));
        }
        for (Yaml.Mapping header : Yaml.mappings(match.get("headers"))) {
            if (header.get("regex_match") instanceof Yaml.Scalar text) {
                step.accept(header.entries().get("regex_match").keyMark(), "safe_regex_match for regex_match");
                header.remove("regex_match");
                header.put("safe_regex_match", text.mark(), regex(text));
            }
        }
    }
}
