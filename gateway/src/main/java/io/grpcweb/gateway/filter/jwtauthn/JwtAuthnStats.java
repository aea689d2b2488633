package io.grpcweb.gateway.filter.jwtauthn;

import io.grpcweb.gateway.filter.FilterContext;
import io.grpcweb.gateway.stats.Stat.Label;
import io.grpcweb.gateway.stats.StatGroup;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** What the filter counts: {@code http.<stat_prefix>.jwt_authn.*}. */
final class JwtAuthnStats extends StatGroup {
    final LongAdder allowed = counter("allowed");
    final LongAdder denied = counter("denied");
    final LongAdder preflightBypassed = counter("cors_preflight_bypassed");
    final LongAdder fetchSuccess = counter("jwks_fetch_success");
    final LongAdder fetchFailed = counter("jwks_fetch_failed");
    final LongAdder cacheHit = counter("jwt_cache_hit");
    final LongAdder cacheMiss = counter("jwt_cache_miss");

    private JwtAuthnStats(String prefix, String own) {
        super(
                "http." + prefix + ".jwt_authn" + (own.isEmpty() ? "" : "." + own),
                "envoy_http_jwt_authn",
                List.of(new Label("envoy_http_conn_manager_prefix", prefix)));
    }

    /** Those of a filter chain. */
    static JwtAuthnStats of(FilterContext context, String statPrefix) {
        String prefix = context.http().statPrefix();
        return context.stats()
                .group("jwt_authn/" + prefix + "/" + statPrefix, JwtAuthnStats.class, () -> of(prefix, statPrefix));
    }

    /** New ones; a full stop at the end of their own prefix is the one that would stand between the names anyhow. */
    static JwtAuthnStats of(String prefix, String statPrefix) {
        return new JwtAuthnStats(
                prefix, statPrefix.endsWith(".") ? statPrefix.substring(0, statPrefix.length() - 1) : statPrefix);
    }
}
