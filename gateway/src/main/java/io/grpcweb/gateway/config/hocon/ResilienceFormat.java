package io.grpcweb.gateway.config.hocon;

import io.grpcweb.gateway.config.ClusterConfig.Breakers;
import io.grpcweb.gateway.config.ClusterConfig.OutlierDetection;

/** Circuit breakers and outlier detection in the gateway's own format; the defaults are Envoy's. */
final class ResilienceFormat {
    private static final Breakers.RetryBudget BUDGET = new Breakers.RetryBudget(20, 3);

    private ResilienceFormat() {}

    static Breakers breakers(Fields own, Breakers given) {
        return new Breakers(
                own.section("normal", given.normal(), ResilienceFormat::thresholds),
                own.section("high", given.high(), ResilienceFormat::thresholds),
                own.whole("connections-per-endpoint", given.perEndpoint()));
    }

    private static Breakers.Thresholds thresholds(Fields own, Breakers.Thresholds given) {
        return new Breakers.Thresholds(
                own.whole("connections", given.connections()),
                own.whole("pending", given.pending()),
                own.whole("requests", given.requests()),
                own.whole("retries", given.retries()),
                own.section("retry-budget", given.retryBudget(), BUDGET, ResilienceFormat::budget),
                own.flag("track-remaining", given.trackRemaining()),
                own.whole("pools", given.pools()));
    }

    private static Breakers.RetryBudget budget(Fields own, Breakers.RetryBudget given) {
        return new Breakers.RetryBudget(
                own.decimal("percent", given.percent()), own.integer("minimum", given.minimum()));
    }

    static OutlierDetection outliers(Fields own, OutlierDetection given) {
        return new OutlierDetection(
                own.integer("consecutive-5xx", given.consecutive5xx()),
                own.integer("consecutive-gateway-failure", given.consecutiveGatewayFailure()),
                own.integer("consecutive-local-origin-failure", given.consecutiveLocalOriginFailure()),
                own.duration("interval", given.interval()),
                own.duration("base-ejection-time", given.baseEjectionTime()),
                own.duration("max-ejection-time", given.maxEjectionTime()),
                own.integer("max-ejection-percent", given.maxEjectionPercent()),
                own.integer("enforcing-consecutive-5xx", given.enforcingConsecutive5xx()),
                own.integer("enforcing-consecutive-gateway-failure", given.enforcingConsecutiveGatewayFailure()),
                own.integer(
                        "enforcing-consecutive-local-origin-failure", given.enforcingConsecutiveLocalOriginFailure()),
                own.integer("enforcing-success-rate", given.enforcingSuccessRate()),
                own.integer("success-rate-minimum-hosts", given.successRateMinimumHosts()),
                own.integer("success-rate-request-volume", given.successRateRequestVolume()),
                own.integer("success-rate-stdev-factor", given.successRateStdevFactor()),
                own.integer("failure-percentage-threshold", given.failurePercentageThreshold()),
                own.integer("enforcing-failure-percentage", given.enforcingFailurePercentage()),
                own.integer("failure-percentage-minimum-hosts", given.failurePercentageMinimumHosts()),
                own.integer("failure-percentage-request-volume", given.failurePercentageRequestVolume()),
                own.flag("split-external-local-origin-errors", given.splitExternalLocalOriginErrors()),
                own.flag("always-eject-one", given.alwaysEjectOne()));
    }
}
