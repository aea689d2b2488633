package io.grpcweb.gateway.config.hocon;

import io.grpcweb.gateway.config.ClusterConfig.Breakers;
import io.grpcweb.gateway.config.ClusterConfig.OutlierDetection;
import java.time.Duration;

/** Circuit breakers and outlier detection in the gateway's own format; the defaults are Envoy's. */
final class ResilienceFormat {
    private ResilienceFormat() {}

    static Breakers breakers(Section cluster) {
        Section breakers = cluster.sectionOrEmpty("breakers");
        return new Breakers(thresholds(breakers, "normal"), thresholds(breakers, "high"));
    }

    private static Breakers.Thresholds thresholds(Section breakers, String key) {
        Section given = breakers.sectionOrEmpty(key);
        Breakers.Thresholds otherwise = Breakers.Thresholds.DEFAULT;
        return new Breakers.Thresholds(
                given.whole("connections", otherwise.connections()),
                given.whole("pending", otherwise.pending()),
                given.whole("requests", otherwise.requests()),
                given.whole("retries", otherwise.retries()),
                given.section("retry-budget")
                        .map(budget ->
                                new Breakers.RetryBudget(budget.decimal("percent", 20), budget.integer("minimum", 3))),
                given.flag("track-remaining", false),
                given.whole("pools", otherwise.pools()));
    }

    static void write(Tree cluster, Breakers breakers) {
        cluster.section(
                "breakers",
                new Tree().section("normal", write(breakers.normal())).section("high", write(breakers.high())));
    }

    private static Tree write(Breakers.Thresholds given) {
        Breakers.Thresholds otherwise = Breakers.Thresholds.DEFAULT;
        Tree tree = new Tree()
                .put("connections", given.connections(), otherwise.connections())
                .put("pending", given.pending(), otherwise.pending())
                .put("requests", given.requests(), otherwise.requests())
                .put("retries", given.retries(), otherwise.retries());
        given.retryBudget()
                .ifPresent(budget -> tree.put(
                        "retry-budget",
                        new Tree().put("percent", budget.percent()).put("minimum", budget.minimum())));
        return tree.put("track-remaining", given.trackRemaining(), false)
                .put("pools", given.pools(), otherwise.pools());
    }

    static OutlierDetection outliers(Section given) {
        return new OutlierDetection(
                given.integer("consecutive-5xx", 5),
                given.integer("consecutive-gateway-failure", 5),
                given.integer("consecutive-local-origin-failure", 5),
                given.duration("interval", Duration.ofSeconds(10)),
                given.duration("base-ejection-time", Duration.ofSeconds(30)),
                given.duration("max-ejection-time", Duration.ofMinutes(5)),
                given.integer("max-ejection-percent", 10),
                given.integer("enforcing-consecutive-5xx", 100),
                given.integer("enforcing-consecutive-gateway-failure", 0),
                given.integer("enforcing-consecutive-local-origin-failure", 100),
                given.integer("enforcing-success-rate", 100),
                given.integer("success-rate-minimum-hosts", 5),
                given.integer("success-rate-request-volume", 100),
                given.integer("success-rate-stdev-factor", 1900),
                given.integer("failure-percentage-threshold", 85),
                given.integer("enforcing-failure-percentage", 0),
                given.integer("failure-percentage-minimum-hosts", 5),
                given.integer("failure-percentage-request-volume", 50),
                given.flag("split-external-local-origin-errors", false),
                given.flag("always-eject-one", true));
    }

    static Tree write(OutlierDetection given) {
        return new Tree()
                .put("consecutive-5xx", given.consecutive5xx(), 5)
                .put("consecutive-gateway-failure", given.consecutiveGatewayFailure(), 5)
                .put("consecutive-local-origin-failure", given.consecutiveLocalOriginFailure(), 5)
                .put("interval", given.interval(), Duration.ofSeconds(10))
                .put("base-ejection-time", given.baseEjectionTime(), Duration.ofSeconds(30))
                .put("max-ejection-time", given.maxEjectionTime(), Duration.ofMinutes(5))
                .put("max-ejection-percent", given.maxEjectionPercent(), 10)
                .put("enforcing-consecutive-5xx", given.enforcingConsecutive5xx(), 100)
                .put("enforcing-consecutive-gateway-failure", given.enforcingConsecutiveGatewayFailure(), 0)
                .put("enforcing-consecutive-local-origin-failure", given.enforcingConsecutiveLocalOriginFailure(), 100)
                .put("enforcing-success-rate", given.enforcingSuccessRate(), 100)
                .put("success-rate-minimum-hosts", given.successRateMinimumHosts(), 5)
                .put("success-rate-request-volume", given.successRateRequestVolume(), 100)
                .put("success-rate-stdev-factor", given.successRateStdevFactor(), 1900)
                .put("failure-percentage-threshold", given.failurePercentageThreshold(), 85)
                .put("enforcing-failure-percentage", given.enforcingFailurePercentage(), 0)
                .put("failure-percentage-minimum-hosts", given.failurePercentageMinimumHosts(), 5)
                .put("failure-percentage-request-volume", given.failurePercentageRequestVolume(), 50)
                .put("split-external-local-origin-errors", given.splitExternalLocalOriginErrors(), false)
                .put("always-eject-one", given.alwaysEjectOne(), true);
    }
}
