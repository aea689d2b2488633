package io.grpcweb.gateway.config.hocon;

import io.grpcweb.gateway.config.CorsPolicy;
import io.grpcweb.gateway.config.Origin;
import io.grpcweb.gateway.config.StringMatch;
import java.util.List;
import java.util.Optional;

/**
 * CORS policies in the gateway's own format. What a section does not say is taken from the section around it, and in the
 * outermost one from the defaults, which suit all gRPC-Web clients.
 */
final class CorsFormat {
    private CorsFormat() {}

    /** The policy of a place inside of another one; {@code cors = off} takes it away. */
    static Optional<CorsPolicy> read(Section owner, Optional<CorsPolicy> outer) {
        if (owner.isText("cors")) {
            if (owner.flag("cors", false)) {
                owner.error("cors", "write cors { origins = [...] }, or cors = off");
            }
            return Optional.empty();
        }
        Optional<Section> found = owner.section("cors");
        if (found.isEmpty()) {
            return outer;
        }
        Section cors = found.get();
        CorsPolicy base = outer.orElse(OwnDefaults.cors(List.of(), ""));
        List<StringMatch> origins = cors.has("origins") ? MatchFormat.texts(cors, "origins") : base.origins();
        return Optional.of(new CorsPolicy(
                origins,
                list(cors, "allow-methods", base.allowMethods()),
                list(cors, "allow-headers", base.allowHeaders()),
                list(cors, "expose-headers", base.exposeHeaders()),
                cors.text("max-age", base.maxAge()),
                Optional.of(
                        cors.flag("allow-credentials", base.allowCredentials().orElse(false))),
                Optional.of(cors.flag(
                        "allow-private-network", base.allowPrivateNetwork().orElse(false))),
                Optional.of(cors.flag(
                        "forward-refused-preflights", base.forwardNotMatching().orElse(true))),
                cors.share("enabled", 1),
                cors.share("shadow", 0),
                new Origin(cors.place())));
    }

    /** A list, or the text of the header field itself. */
    private static String list(Section cors, String key, String otherwise) {
        if (!cors.has(key)) {
            return otherwise;
        }
        return cors.isText(key) ? cors.text(key, otherwise) : String.join(",", cors.texts(key));
    }

    static void write(Tree owner, Optional<CorsPolicy> policy, Optional<CorsPolicy> outer) {
        if (policy.isEmpty()) {
            if (outer.isPresent()) {
                owner.put("cors", new Tree.Bare("off"));
            }
            return;
        }
        CorsPolicy cors = policy.get();
        if (outer.isPresent() && cors.equals(outer.get())) {
            return;
        }
        CorsPolicy base = outer.orElse(OwnDefaults.cors(List.of(), ""));
        Tree tree = new Tree();
        if (!cors.origins().equals(base.origins())) {
            tree.put(
                    "origins",
                    cors.origins().stream().map(MatchFormat::writeShort).toList());
        }
        tree.put("allow-methods", cors.allowMethods(), base.allowMethods())
                .put("allow-headers", cors.allowHeaders(), base.allowHeaders())
                .put("expose-headers", cors.exposeHeaders(), base.exposeHeaders())
                .put("max-age", cors.maxAge(), base.maxAge())
                .put(
                        "allow-credentials",
                        cors.allowCredentials().orElse(false),
                        base.allowCredentials().orElse(false))
                .put(
                        "allow-private-network",
                        cors.allowPrivateNetwork().orElse(false),
                        base.allowPrivateNetwork().orElse(false))
                .put(
                        "forward-refused-preflights",
                        cors.forwardNotMatching().orElse(true),
                        base.forwardNotMatching().orElse(true))
                .put("enabled", cors.enabled(), 1.0)
                .put("shadow", cors.shadow(), 0.0);
        owner.put("cors", tree);
    }
}
