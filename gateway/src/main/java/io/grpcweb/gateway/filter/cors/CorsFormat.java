package io.grpcweb.gateway.filter.cors;

import io.grpcweb.gateway.config.Origin;
import io.grpcweb.gateway.config.StringMatch;
import io.grpcweb.gateway.config.hocon.MatchFormat;
import io.grpcweb.gateway.config.hocon.Section;
import io.grpcweb.gateway.config.hocon.Tree;
import java.util.List;
import java.util.Optional;

/**
 * CORS policies in the gateway's own format. What a section does not say is taken from the section around it, and in the
 * outermost one from the defaults, which suit all gRPC-Web clients.
 */
final class CorsFormat {
    /** What the browser clients send beside the fields that need no permission. */
    private static final String ALLOW_HEADERS =
            "content-type,x-grpc-web,x-user-agent,grpc-timeout,accept,authorization,"
                    + "grpc-accept-encoding,grpc-encoding";

    /** What they must be able to read of a response that carries its status in header fields. */
    private static final String EXPOSE_HEADERS =
            "grpc-status,grpc-message,grpc-status-details-bin,grpc-encoding,grpc-accept-encoding";

    private static final String ALLOW_METHODS = "POST";

    /** Seconds; the most that any browser keeps a preflight's answer. */
    private static final String MAX_AGE = "86400";

    /** What holds where nothing is written: a policy for gRPC-Web without an origin. */
    private static final CorsPolicy DEFAULT = new CorsPolicy(
            List.of(),
            ALLOW_METHODS,
            ALLOW_HEADERS,
            EXPOSE_HEADERS,
            MAX_AGE,
            Optional.of(false),
            Optional.of(false),
            Optional.of(false),
            1,
            0,
            Origin.NONE);

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
        CorsPolicy base = outer.orElse(DEFAULT);
        List<StringMatch> origins = cors.has("origins") ? MatchFormat.texts(cors, "origins") : base.origins();
        CorsPolicy policy = new CorsPolicy(
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
                new Origin(cors.place()));
        if (policy.allowCredentials().orElse(false) && origins.stream().anyMatch(origin -> origin.matches("*"))) {
            cors.warn(policy.place() + ": EVERY origin may call with the cookies of the user");
        }
        return Optional.of(policy);
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
                owner.off("cors");
            }
            return;
        }
        CorsPolicy cors = policy.get();
        if (outer.isPresent() && cors.equals(outer.get())) {
            return;
        }
        CorsPolicy base = outer.orElse(DEFAULT);
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
