package io.grpcweb.gateway.filter.ratelimitservice;

import io.grpcweb.gateway.config.RateLimit;
import io.grpcweb.gateway.config.envoy.Msg;
import io.grpcweb.gateway.config.envoy.Reading;
import io.grpcweb.gateway.config.hocon.DescribedFormat;
import io.grpcweb.gateway.config.hocon.Fields;
import io.grpcweb.gateway.config.hocon.HeaderFormat;
import io.grpcweb.gateway.config.hocon.RateLimitFormat;
import io.grpcweb.gateway.filter.FilterContext;
import io.grpcweb.gateway.filter.FilterKind;
import io.grpcweb.gateway.filter.descriptors.Descriptors.HostLimits;
import io.grpcweb.gateway.filter.service.GrpcServiceFormat;
import io.grpcweb.gateway.http.HttpFilterFactory;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The filter {@code rate-limit-service}, Envoy's {@code ratelimit}. */
public final class RateLimitServiceKind
        implements FilterKind<RateLimitServiceConfig>, DescribedFormat<RateLimitServiceConfig> {
    private static final String PACKAGE = "envoy.extensions.filters.http.ratelimit.v3.";

    private static final String METADATA = "envoy.filters.http.ratelimit";

    /** Envoy's. */
    private static final Duration TIMEOUT = Duration.ofMillis(20);

    @Override
    public Class<RateLimitServiceConfig> settings() {
        return RateLimitServiceConfig.class;
    }

    @Override
    public String type() {
        return "rate-limit-service";
    }

    @Override
    public List<String> envoyTypes() {
        return List.of(PACKAGE + "RateLimit", PACKAGE + "RateLimitPerRoute");
    }

    @Override
    public RateLimitServiceConfig usual(String name) {
        return place(name, "", List.of(), HostLimits.OVERRIDE);
    }

    private static RateLimitServiceConfig place(
            String name, String domain, List<RateLimit> limits, HostLimits hostLimits) {
        return new RateLimitServiceConfig(
                name,
                domain,
                GrpcServiceFormat.usual(TIMEOUT),
                0,
                RateLimitServiceConfig.RequestType.BOTH,
                limits,
                hostLimits,
                1,
                1,
                RateLimitServiceConfig.OnError.PASS,
                new RateLimitServiceConfig.Refusal(RateLimitServiceConfig.Refusal.TOO_MANY, true, List.of()),
                RateLimitServiceConfig.Fields.USUAL,
                "",
                METADATA);
    }

    @Override
    public RateLimitServiceConfig fields(Fields own, RateLimitServiceConfig given) {
        int stage = own.integer("stage", given.stage(), 0, 10);
        String domain = own.text("domain", given.domain());
        if (domain.isEmpty()) {
            own.error("", "'domain' is required: under which the service counts");
        }
        return new RateLimitServiceConfig(
                given.name(),
                domain,
                own.section("grpc", given.service(), GrpcServiceFormat::fields),
                stage,
                own.choice("requests", given.requests()),
                RateLimitFormat.limits(own, given.limits()),
                own.choice("host-limits", given.hostLimits()),
                own.share("enabled", given.enabled()),
                own.share("enforced", given.enforced()),
                own.section("on-error", given.onError(), RateLimitServiceKind::onError),
                own.section("refusal", given.refusal(), RateLimitServiceKind::refusal),
                own.section("fields", given.fields(), RateLimitServiceKind::told),
                own.text("stat-prefix", given.statPrefix()),
                own.text("metadata-namespace", given.metadata()));
    }

    private static RateLimitServiceConfig.OnError onError(Fields own, RateLimitServiceConfig.OnError given) {
        return new RateLimitServiceConfig.OnError(
                own.share("refused", given.refused()), own.integer("status", given.status(), 200, 599));
    }

    private static RateLimitServiceConfig.Refusal refusal(Fields own, RateLimitServiceConfig.Refusal given) {
        return new RateLimitServiceConfig.Refusal(
                own.integer("status", given.status(), 400, 599),
                own.flag("resource-exhausted", given.resourceExhausted()),
                HeaderFormat.adds(own, "add-to-response", given.add()));
    }

    private static RateLimitServiceConfig.Fields told(Fields own, RateLimitServiceConfig.Fields given) {
        return new RateLimitServiceConfig.Fields(
                own.flag("limits", given.limits()),
                own.flag("limited", given.limited()),
                own.flag("retry-after", given.retryAfter()));
    }

    @Override
    public RateLimitServiceConfig read(String name, Msg typed, Reading envoy) {
        return new RateLimitServiceConfig(
                name,
                typed.text("domain"),
                typed.message("rate_limit_service")
                        .flatMap(service -> service.message("grpc_service"))
                        .flatMap(service -> GrpcServiceFormat.read(service, typed.duration("timeout", TIMEOUT), envoy))
                        .orElse(GrpcServiceFormat.usual(TIMEOUT)),
                typed.integer("stage", 0),
                switch (typed.text("request_type")) {
                    case "internal" -> RateLimitServiceConfig.RequestType.INTERNAL;
                    case "external" -> RateLimitServiceConfig.RequestType.EXTERNAL;
                    default -> RateLimitServiceConfig.RequestType.BOTH;
                },
                envoy.rateLimits().ofFilter(typed),
                HostLimits.OVERRIDE,
                Reading.share(typed, "filter_enabled", 1),
                Reading.share(typed, "filter_enforced", 1),
                new RateLimitServiceConfig.OnError(
                        Reading.share(
                                typed, "failure_mode_deny_percent", typed.flag("failure_mode_deny", false) ? 1 : 0),
                        status(typed, "status_on_error", 200, envoy).orElse(500)),
                new RateLimitServiceConfig.Refusal(
                        status(typed, "rate_limited_status", 400, envoy)
                                .orElse(RateLimitServiceConfig.Refusal.TOO_MANY),
                        typed.flag("rate_limited_as_resource_exhausted", false),
                        envoy.headers().add(typed, "response_headers_to_add")),
                new RateLimitServiceConfig.Fields(
                        typed.text("enable_x_ratelimit_headers").equals("DRAFT_VERSION_03"),
                        !typed.flag("disable_x_envoy_ratelimited_header", false),
                        typed.flag("enable_retry_after_header", false)),
                typed.text("stat_prefix"),
                typed.filled("metadata_namespace").orElse(METADATA));
    }

    /** The number of a status; absent where it is not set, or smaller than one that Envoy takes. */
    private static Optional<Integer> status(Msg typed, String field, int least, Reading envoy) {
        return typed.message(field)
                .map(status -> envoy.statusCode(status.text("code")))
                .filter(status -> status >= least);
    }

    @Override
    public RateLimitServiceConfig readPlace(String name, Msg typed, Reading envoy) {
        return place(
                name,
                typed.text("domain"),
                envoy.rateLimits().ofFilter(typed),
                switch (typed.text("vh_rate_limits")) {
                    case "INCLUDE" -> HostLimits.INCLUDE;
                    case "IGNORE" -> HostLimits.IGNORE;
                    default -> HostLimits.OVERRIDE;
                });
    }

    @Override
    public RateLimitServiceConfig onRoute(
            RateLimitServiceConfig listener, List<RateLimitServiceConfig> places, Msg where, Reading envoy) {
        return listener.at(places.get(0));
    }

    @Override
    public HttpFilterFactory make(RateLimitServiceConfig config, FilterContext context) {
        return new RateLimitServiceFactory(config, context);
    }
}
