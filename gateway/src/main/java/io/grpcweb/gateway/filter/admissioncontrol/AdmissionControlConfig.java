package io.grpcweb.gateway.filter.admissioncontrol;

import io.grpcweb.gateway.config.FilterConfig;
import io.grpcweb.gateway.config.RouteConfig;
import java.time.Duration;
import java.util.List;

/**
 * When calls are refused because others fail.
 *
 * @param window how long outcomes count
 * @param aggression 1 for a linear rise of refusals, more for a steeper one
 * @param successThreshold share of successes below which calls are refused, more than 0 and at most 1
 * @param requestsPerSecond fewer calls than these are all let through
 * @param mostRefused share of the calls that are refused at most, 0 to 1
 * @param grpcSuccess gRPC statuses of a success
 * @param httpSuccess HTTP statuses of a success
 */
public record AdmissionControlConfig(
        String name,
        boolean enabled,
        Duration window,
        double aggression,
        double successThreshold,
        int requestsPerSecond,
        double mostRefused,
        List<Integer> grpcSuccess,
        List<RouteConfig.Range> httpSuccess)
        implements FilterConfig {

    /** All but those that are a fault of the backend, as in Envoy. */
    static final List<Integer> GRPC_SUCCESS = List.of(0, 1, 2, 3, 5, 6, 7, 9, 11, 12, 16);

    static final List<RouteConfig.Range> HTTP_SUCCESS = List.of(new RouteConfig.Range(100, 500));

    public AdmissionControlConfig {
        grpcSuccess = List.copyOf(grpcSuccess);
        httpSuccess = List.copyOf(httpSuccess);
    }

    boolean succeeds(int httpStatus) {
        return httpSuccess.stream().anyMatch(range -> httpStatus >= range.from() && httpStatus < range.to());
    }
}
