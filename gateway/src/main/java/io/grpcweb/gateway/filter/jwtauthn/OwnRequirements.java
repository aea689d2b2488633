package io.grpcweb.gateway.filter.jwtauthn;

import io.grpcweb.gateway.config.RouteConfig;
import io.grpcweb.gateway.config.hocon.MatchFormat;
import io.grpcweb.gateway.config.hocon.Section;
import io.grpcweb.gateway.config.hocon.Tree;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Requirements in the gateway's own format: {@code { provider = NAME }}, {@code { any = [...] }}, {@code { all = [...] }} or
 * {@code { allow = missing | missing-or-failed | anything }}.
 */
final class OwnRequirements {
    private static final RouteConfig.Match ALL =
            new RouteConfig.Match(new RouteConfig.PathMatch.Prefix("/", false), List.of(), List.of(), false, 1);

    /** What {@code allow} may say. */
    enum Allowed {
        NOTHING,
        MISSING,
        MISSING_OR_FAILED,
        ANYTHING
    }

    private OwnRequirements() {}

    static List<JwtAuthnConfig.Rule> rules(Section own, Map<String, Requirement> named) {
        List<JwtAuthnConfig.Rule> rules = new ArrayList<>();
        for (Section rule : own.sections("rules")) {
            Optional<Requirement> required = Optional.empty();
            if (rule.has("requires") && rule.isText("requires")) {
                String name = rule.text("requires", "");
                required = Optional.ofNullable(named.get(name));
                if (required.isEmpty()) {
                    rule.error("requires", "no requirement '" + name + "'; there is " + list(named));
                }
            } else if (rule.has("requires")) {
                required = rule.section("requires").map(OwnRequirements::read);
            }
            rules.add(new JwtAuthnConfig.Rule(MatchFormat.match(rule, ALL), required));
        }
        return rules;
    }

    static JwtAuthnConfig.StateRules stateRules(Section own) {
        return own.section("state-rules")
                .map(rules -> {
                    if (rules.text("key").isEmpty()) {
                        rules.error("", "'key' is required");
                    }
                    return new JwtAuthnConfig.StateRules(rules.text("key", ""), named(rules, "requires"));
                })
                .orElse(JwtAuthnConfig.StateRules.NONE);
    }

    private static String list(Map<String, Requirement> named) {
        return named.isEmpty() ? "none" : String.join(", ", named.keySet());
    }

    static Map<String, Requirement> named(Section own, String key) {
        Map<String, Requirement> found = new LinkedHashMap<>();
        own.named(key).forEach((name, section) -> found.put(name, read(section)));
        return found;
    }

    private static Requirement read(Section own) {
        if (Stream.of("provider", "any", "all", "allow").filter(own::has).count() != 1) {
            own.error("", "one of provider, any, all and allow is expected");
            return new Requirement.Any(List.of());
        }
        if (own.has("provider")) {
            return new Requirement.Provider(
                    own.text("provider", ""),
                    own.has("audiences") ? Optional.of(own.texts("audiences")) : Optional.empty());
        }
        if (own.has("allow")) {
            return allowed(own, own.choice("allow", Allowed.NOTHING));
        }
        String key = own.has("any") ? "any" : "all";
        List<Requirement> of =
                own.sections(key).stream().map(OwnRequirements::read).toList();
        return key.equals("any") ? new Requirement.Any(of) : new Requirement.All(of);
    }

    private static Requirement allowed(Section own, Allowed what) {
        return switch (what) {
            case MISSING -> new Requirement.AllowMissing();
            case MISSING_OR_FAILED -> new Requirement.AllowMissingOrFailed();
            case ANYTHING -> new Requirement.ExtractOnly(own.text("failed-header", ""));
            // What was not understood asks for a token that nobody has.
            case NOTHING -> new Requirement.Any(List.of());
        };
    }

    static void write(Tree own, JwtAuthnConfig config) {
        own.list("rules", config.rules(), rule -> {
            Tree one = new Tree().add(rule.match(), ALL, MatchFormat::match);
            rule.requirement().ifPresent(required -> one.put("requires", write(required)));
            return one;
        });
        if (!config.stateRules().equals(JwtAuthnConfig.StateRules.NONE)) {
            own.put(
                    "state-rules",
                    new Tree()
                            .put("key", config.stateRules().key())
                            .section("requires", write(config.stateRules().requires())));
        }
        own.section("requirements", write(config.requirements()));
    }

    static Tree write(Map<String, Requirement> named) {
        Tree all = new Tree();
        named.forEach((name, one) -> all.put(name, write(one)));
        return all;
    }

    private static Tree write(Requirement requirement) {
        Tree own = new Tree();
        if (requirement instanceof Requirement.Provider one) {
            return own.put("provider", one.name()).put("audiences", one.audiences());
        }
        if (requirement instanceof Requirement.Any any) {
            return own.put("any", any.of().stream().map(OwnRequirements::write).toList());
        }
        if (requirement instanceof Requirement.All all) {
            return own.put("all", all.of().stream().map(OwnRequirements::write).toList());
        }
        if (requirement instanceof Requirement.ExtractOnly extract) {
            return own.put("allow", Allowed.ANYTHING).put("failed-header", extract.header(), "");
        }
        return own.put(
                "allow", requirement instanceof Requirement.AllowMissing ? Allowed.MISSING : Allowed.MISSING_OR_FAILED);
    }
}
