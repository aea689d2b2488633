package io.grpcweb.gateway.config.envoy;

import io.grpcweb.gateway.config.RouteConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** An {@code envoy.config.route.v3.RetryPolicy}. */
final class Retries {
    private static final Set<String> CONDITIONS = Set.of(
            "5xx",
            "gateway-error",
            "reset",
            "reset-before-request",
            "connect-failure",
            "envoy-ratelimited",
            "retriable-4xx",
            "refused-stream",
            "retriable-status-codes",
            "retriable-headers",
            "http3-post-connect-failure",
            "cancelled",
            "deadline-exceeded",
            "internal",
            "resource-exhausted",
            "unavailable");

    private final Reading reading;
    private final Matchers matchers;

    Retries(Reading reading, Matchers matchers) {
        this.reading = reading;
        this.matchers = matchers;
    }

    RouteConfig.RetryPolicy read(Msg policy) {
        List<String> conditions = new ArrayList<>();
        for (String condition : policy.text("retry_on").toLowerCase(Locale.ROOT).split(",", -1)) {
            String name = condition.strip();
            if (!name.isEmpty()) {
                conditions.add(name);
                if (!CONDITIONS.contains(name)) {
                    reading.warn(policy, "retry_on", "Envoy has no retry condition '" + name + "': it changes nothing");
                }
            }
        }
        Duration base = policy.message("retry_back_off")
                .flatMap(backOff -> backOff.duration("base_interval"))
                .orElse(Duration.ofMillis(25));
        Duration longest = policy.message("retry_back_off")
                .flatMap(backOff -> backOff.duration("max_interval"))
                .orElse(base.multipliedBy(10));
        if (longest.compareTo(base) < 0) {
            reading.error(policy, "retry_back_off", "max_interval is shorter than base_interval");
        }
        return new RouteConfig.RetryPolicy(
                conditions,
                policy.integer("num_retries", 1),
                policy.duration("per_try_timeout", Duration.ZERO),
                policy.numbers("retriable_status_codes").stream()
                        .map(Long::intValue)
                        .toList(),
                matchers.headers(policy.messages("retriable_headers")),
                matchers.headers(policy.messages("retriable_request_headers")),
                base,
                longest,
                policy.messages("retry_host_predicate").stream()
                        .anyMatch(predicate -> predicate.text("name").endsWith("previous_hosts")));
    }
}
