package io.grpcweb.gateway.filter.jwtauthn;

import io.grpcweb.gateway.config.StringMatch;
import io.grpcweb.gateway.config.hocon.Fields;
import io.grpcweb.gateway.config.hocon.MatchFormat;
import io.grpcweb.gateway.config.hocon.Section;
import io.grpcweb.gateway.config.hocon.Tree;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Providers in the gateway's own format: {@code providers { NAME { issuer = "...", keys { file = "..." } } }}. */
final class OwnProviders {
    private static final StringMatch NO_SUBJECT = new StringMatch.Exact("", false);

    private static final JwtProvider USUAL = new JwtProvider(
            "",
            List.of(),
            Optional.empty(),
            false,
            Optional.empty(),
            JwtProvider.CLOCK_SKEW,
            new Jwks.Local("", Optional.empty()),
            new JwtProvider.Places(List.of(), List.of(), List.of()),
            false,
            new JwtProvider.Outcome(
                    Optional.empty(),
                    false,
                    List.of(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    List.of()),
            JwtProvider.TokenCacheConfig.DEFAULT,
            false);

    private OwnProviders() {}

    static Map<String, JwtProvider> read(Section own) {
        Map<String, JwtProvider> found = new LinkedHashMap<>();
        own.named("providers").forEach((name, section) -> found.put(name, fields(section, USUAL)));
        return found;
    }

    static void write(Tree own, Map<String, JwtProvider> providers) {
        Tree all = new Tree();
        providers.forEach((name, one) -> all.put(name, new Tree().add(one, USUAL, OwnProviders::fields)));
        own.section("providers", all);
    }

    private static JwtProvider fields(Fields own, JwtProvider given) {
        return new JwtProvider(
                own.text("issuer", given.issuer()),
                own.texts("audiences", given.audiences()),
                own.section("subjects", given.subjects(), NO_SUBJECT, MatchFormat::required),
                own.flag("require-expiration", given.requireExpiration()),
                own.duration("max-lifetime", given.maxLifetime()),
                own.duration("clock-skew", given.clockSkew()),
                own.by(given.keys(), OwnKeys::read, OwnKeys::write),
                new JwtProvider.Places(
                        own.sections(
                                "from-headers",
                                given.places().headers(),
                                new JwtProvider.Header("", ""),
                                OwnProviders::header),
                        own.texts("from-params", given.places().parameters()),
                        own.texts("from-cookies", given.places().cookies())),
                own.flag("forward", given.forward()),
                outcome(own, given.outcome()),
                own.section("cache-tokens", given.cachedTokens(), OwnProviders::cache),
                own.flag("clear-route-cache", given.clearRouteCache()));
    }

    private static JwtProvider.Header header(Fields own, JwtProvider.Header given) {
        return new JwtProvider.Header(required(own, "name", given.name()), own.text("prefix", given.prefix()));
    }

    private static JwtProvider.Outcome outcome(Fields own, JwtProvider.Outcome given) {
        return new JwtProvider.Outcome(
                own.text("forward-payload-header", given.payloadHeader()).map(name -> name.toLowerCase(Locale.ROOT)),
                own.flag("pad-payload", given.padPayload()),
                own.sections(
                        "claim-to-headers", given.claims(), new JwtProvider.Claim("", List.of()), OwnProviders::claim),
                own.text("payload-in-metadata", given.payloadMetadata()),
                own.text("header-in-metadata", given.headerMetadata()),
                own.text("failed-status-in-metadata", given.failureMetadata()),
                own.texts("space-delimited-claims", given.spaceDelimited()));
    }

    private static JwtProvider.Claim claim(Fields own, JwtProvider.Claim given) {
        List<String> path = own.texts("claim", given.path());
        if (path.isEmpty()) {
            own.error("", "'claim' is required");
        }
        String header = required(own, "header", given.header());
        return path.size() == 1 && !own.writing()
                ? JwtProvider.Claim.dotted(header, path.get(0))
                : new JwtProvider.Claim(header, path);
    }

    private static String required(Fields own, String key, String given) {
        String name = own.text(key, given).toLowerCase(Locale.ROOT);
        if (name.isEmpty()) {
            own.error("", "'" + key + "' is required");
        }
        return name;
    }

    private static JwtProvider.TokenCacheConfig cache(Fields own, JwtProvider.TokenCacheConfig given) {
        return new JwtProvider.TokenCacheConfig(
                own.flag("count", given.counted()),
                own.integer("most", given.most()),
                own.bytes("max-token", given.maxTokenBytes()));
    }
}
