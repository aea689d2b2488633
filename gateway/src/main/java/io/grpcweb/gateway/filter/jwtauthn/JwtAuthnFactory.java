package io.grpcweb.gateway.filter.jwtauthn;

import io.grpcweb.gateway.filter.FilterContext;
import io.grpcweb.gateway.http.Exchange;
import io.grpcweb.gateway.http.HttpFilter;
import io.grpcweb.gateway.http.HttpFilterFactory;
import io.grpcweb.gateway.http.RequestMatch;
import io.grpcweb.gateway.http.RequestView;
import io.grpcweb.gateway.http.StreamInfo;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** What the requests of a listener or of a route need. */
final class JwtAuthnFactory implements HttpFilterFactory {
    private final JwtAuthnConfig config;
    private final JwtAuthnStats stats;
    private final List<Rule> rules = new ArrayList<>();
    private final Map<String, Check> named;
    private final Map<String, Check> byState;
    private final AsciiString[] ownFields;
    private final Set<String> tokenParameters = new LinkedHashSet<>();

    /** A rule that is ready; its check is null where nothing is needed. */
    private record Rule(RequestMatch match, Check check) {}

    JwtAuthnFactory(JwtAuthnConfig config, FilterContext context) {
        this.config = config;
        this.stats = JwtAuthnStats.of(context, config.statPrefix());
        Checks checks = new Checks(Providers.of(config, stats, context));
        for (JwtAuthnConfig.Rule rule : config.rules()) {
            rules.add(new Rule(
                    new RequestMatch(rule.match()),
                    rule.requirement().map(checks::of).orElse(null)));
        }
        this.named = checks.of(config.requirements());
        this.byState = checks.of(config.stateRules().requires());
        this.ownFields = ownFields(config);
        config.providers()
                .values()
                .forEach(one -> tokenParameters.addAll(one.places().orDefault().parameters()));
    }

    private static AsciiString[] ownFields(JwtAuthnConfig config) {
        Set<String> names = new LinkedHashSet<>();
        for (JwtProvider provider : config.providers().values()) {
            provider.outcome().payloadHeader().ifPresent(names::add);
            provider.outcome().claims().forEach(claim -> names.add(claim.header()));
        }
        return names.stream().map(AsciiString::of).toArray(AsciiString[]::new);
    }

    @Override
    public HttpFilter create(Exchange exchange, Http2Headers head) {
        return new JwtAuthnFilter(exchange, this);
    }

    JwtAuthnConfig config() {
        return config;
    }

    JwtAuthnStats stats() {
        return stats;
    }

    /** The parameters of a query in which tokens may stand. */
    Set<String> tokenParameters() {
        return tokenParameters;
    }

    /** Takes out the fields that only this filter may write. */
    void clean(Http2Headers head) {
        for (AsciiString name : ownFields) {
            head.remove(name);
        }
    }

    /** The requirement of that name; null for none. */
    Check named(String name) {
        return named.get(name);
    }

    /** What a request needs; null for nothing. */
    Check of(Http2Headers head, StreamInfo info) {
        RequestView request = new RequestView(head);
        for (int i = 0; i < rules.size(); i++) {
            Rule rule = rules.get(i);
            if (rule.match.matches(request, () -> ThreadLocalRandom.current().nextDouble())) {
                return rule.check;
            }
        }
        String state = byState.isEmpty() ? null : info.state(config.stateRules().key());
        return state == null ? null : byState.get(state);
    }

    /** Makes requirements ready. */
    private record Checks(Map<String, Provider> providers) {

        Map<String, Check> of(Map<String, Requirement> requirements) {
            Map<String, Check> made = new LinkedHashMap<>();
            requirements.forEach((name, requirement) -> made.put(name, of(requirement)));
            return made;
        }

        Check of(Requirement requirement) {
            if (requirement instanceof Requirement.Provider one) {
                return TokenCheck.of(providers.get(one.name()), one.audiences());
            }
            if (requirement instanceof Requirement.All all) {
                return Check.all(all.of().stream().map(this::of).toList());
            }
            if (requirement instanceof Requirement.Any any) {
                return any(any.of());
            }
            if (requirement instanceof Requirement.ExtractOnly extract) {
                return TokenCheck.extract(providers.values(), extract.header());
            }
            return TokenCheck.of(
                    providers.values(),
                    requirement instanceof Requirement.AllowMissing
                            ? TokenCheck.Lenience.MISSING
                            : TokenCheck.Lenience.MISSING_OR_FAILED);
        }

        /** Beside providers, that a token may be missing or bad is said of their tokens and not of others. */
        private Check any(List<Requirement> of) {
            List<Requirement> wanted =
                    of.stream().filter(one -> !isLenient(one)).toList();
            if (wanted.isEmpty()) {
                return of(
                        of.contains(new Requirement.AllowMissingOrFailed())
                                ? new Requirement.AllowMissingOrFailed()
                                : new Requirement.AllowMissing());
            }
            return Check.any(
                    wanted.stream().map(this::of).toList(),
                    of.contains(new Requirement.AllowMissing()),
                    of.contains(new Requirement.AllowMissingOrFailed()));
        }

        private static boolean isLenient(Requirement one) {
            return one instanceof Requirement.AllowMissing || one instanceof Requirement.AllowMissingOrFailed;
        }
    }
}
