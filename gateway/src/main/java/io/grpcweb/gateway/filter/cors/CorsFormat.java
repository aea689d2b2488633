package io.grpcweb.gateway.filter.cors;

import io.grpcweb.gateway.config.Origin;
import io.grpcweb.gateway.config.hocon.Fields;
import io.grpcweb.gateway.config.hocon.MatchFormat;
import io.grpcweb.gateway.config.hocon.Section;
import io.grpcweb.gateway.config.hocon.Tree;
import java.util.List;
import java.util.Optional;

/**
 * CORS policies in the gateway's own format. What a section does not say is taken from the section around it, and in the
 * outermost one from the defaults, which suit all clients of gRPC-Web and Connect.
 */
final class CorsFormat {
    /** What the browser clients send beside the fields that need no permission. */
    private static final String ALLOW_HEADERS =
            "content-type,x-grpc-web,x-user-agent,grpc-timeout,accept,authorization,"
                    + "grpc-accept-encoding,grpc-encoding,"
                    + "connect-protocol-version,connect-timeout-ms,connect-accept-encoding,connect-content-encoding";

    /** What they must be able to read of a response that carries its status in header fields. */
    private static final String EXPOSE_HEADERS =
            "grpc-status,grpc-message,grpc-status-details-bin,grpc-encoding,grpc-accept-encoding,"
                    + "connect-content-encoding,connect-accept-encoding";

    private static final String ALLOW_METHODS = "POST";

    /** Seconds; the most that any browser keeps a preflight's answer. */
    private static final String MAX_AGE = "86400";

    /** What holds where nothing is written: a policy for gRPC-Web without an origin. */
    private static final CorsPolicy DEFAULT = new CorsPolicy(
            List.of(),
            ALLOW_METHODS,
            ALLOW_HEADERS,
            EXPOSE_HEADERS,
            Optional.of(true),
            MAX_AGE,
            Optional.of(false),
            Optional.of(false),
            Optional.of(false),
            Optional.of(true),
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
        Section own = found.get();
        CorsPolicy policy = fields(own, outer.orElse(DEFAULT));
        if (own.has("origins") && policy.origins().isEmpty()) {
            own.error("origins", "an empty list lets no page call: name the origins, or write cors = off");
        }
        OriginCheck.problems(policy).forEach(problem -> own.error("origins", problem));
        if (policy.allowCredentials().orElse(false)
                && policy.origins().stream().anyMatch(origin -> origin.matches("*"))) {
            owner.warn(policy.place() + ": EVERY origin may call with the cookies of the user");
        } else if (policy.allowCredentials().orElse(false)) {
            OriginCheck.wide(policy)
                    .forEach(stranger -> owner.warn(policy.place() + ": a page of " + stranger
                            + " may call with the cookies of the user, too: write whole origins, or a suffix that begins"
                            + " with a dot"));
        }
        return Optional.of(policy);
    }

    private static CorsPolicy fields(Fields own, CorsPolicy given) {
        return new CorsPolicy(
                MatchFormat.texts(own, "origins", given.origins()),
                list(own, "allow-methods", given.allowMethods()),
                list(own, "allow-headers", given.allowHeaders()),
                list(own, "expose-headers", given.exposeHeaders()),
                flag(own, "expose-sent", given.exposeSent(), false),
                own.text("max-age", given.maxAge()),
                flag(own, "allow-credentials", given.allowCredentials(), false),
                flag(own, "allow-private-network", given.allowPrivateNetwork(), false),
                flag(own, "forward-refused-preflights", given.forwardNotMatching(), true),
                flag(own, "refuse-foreign-origins", given.refuseForeign(), false),
                own.share("enabled", given.enabled()),
                own.share("shadow", given.shadow()),
                own.origin());
    }

    private static Optional<Boolean> flag(Fields own, String key, Optional<Boolean> given, boolean absent) {
        return Optional.of(own.flag(key, given.orElse(absent)));
    }

    /** A list, or the text of the header field itself. */
    private static String list(Fields own, String key, String given) {
        return String.join(",", own.texts(key, List.of(given)));
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
        owner.put("cors", new Tree().add(cors, outer.orElse(DEFAULT), CorsFormat::fields));
    }
}
