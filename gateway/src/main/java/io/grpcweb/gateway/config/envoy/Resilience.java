package io.grpcweb.gateway.config.envoy;

import io.grpcweb.gateway.config.ClusterConfig.Breakers;
import io.grpcweb.gateway.config.ClusterConfig.OutlierDetection;
import java.time.Duration;

/** Circuit breakers and outlier detection, with Envoy's defaults. */
final class Resilience {

    Breakers breakers(Msg breakers) {
        Breakers.Thresholds normal = Breakers.Thresholds.DEFAULT;
        Breakers.Thresholds high = Breakers.Thresholds.DEFAULT;
        for (Msg thresholds : breakers.messages("thresholds")) {
            if (thresholds.text("priority").equals("HIGH")) {
                high = thresholds(thresholds);
            } else {
                normal = thresholds(thresholds);
            }
        }
        long perEndpoint = breakers.messages("per_host_thresholds").stream()
                .filter(one -> !one.text("priority").equals("HIGH"))
                .findFirst()
                .map(one -> one.number("max_connections", Breakers.Thresholds.ANY))
                .orElse(Breakers.Thresholds.ANY);
        return new Breakers(normal, high, perEndpoint);
    }

    private static Breakers.Thresholds thresholds(Msg given) {
        Breakers.Thresholds otherwise = Breakers.Thresholds.DEFAULT;
        return new Breakers.Thresholds(
                given.number("max_connections", otherwise.connections()),
                given.number("max_pending_requests", otherwise.pending()),
                given.number("max_requests", otherwise.requests()),
                given.number("max_retries", otherwise.retries()),
                given.message("retry_budget")
                        .map(budget -> new Breakers.RetryBudget(
                                budget.message("budget_percent")
                                        .map(percent -> percent.decimal("value", 0))
                                        .orElse(20.0),
                                budget.integer("min_retry_concurrency", 3))),
                given.flag("track_remaining", false),
                given.number("max_connection_pools", otherwise.pools()));
    }

    OutlierDetection outlierDetection(Msg given) {
        Duration base = given.duration("base_ejection_time", Duration.ofSeconds(30));
        Duration longest = given.duration("max_ejection_time", Duration.ofMinutes(5));
        return new OutlierDetection(
                given.integer("consecutive_5xx", 5),
                given.integer("consecutive_gateway_failure", 5),
                given.integer("consecutive_local_origin_failure", 5),
                given.duration("interval", Duration.ofSeconds(10)),
                base,
                longest.compareTo(base) < 0 ? base : longest,
                given.integer("max_ejection_percent", 10),
                given.integer("enforcing_consecutive_5xx", 100),
                given.integer("enforcing_consecutive_gateway_failure", 0),
                given.integer("enforcing_consecutive_local_origin_failure", 100),
                given.integer("enforcing_success_rate", 100),
                given.integer("success_rate_minimum_hosts", 5),
                given.integer("success_rate_request_volume", 100),
                given.integer("success_rate_stdev_factor", 1900),
                given.integer("failure_percentage_threshold", 85),
                given.integer("enforcing_failure_percentage", 0),
                given.integer("failure_percentage_minimum_hosts", 5),
                given.integer("failure_percentage_request_volume", 50),
                given.flag("split_external_local_origin_errors", false),
                given.flag("always_eject_one_host", false));
    }
}
