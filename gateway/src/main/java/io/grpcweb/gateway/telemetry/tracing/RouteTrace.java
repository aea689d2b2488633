package io.grpcweb.gateway.telemetry.tracing;

import io.grpcweb.gateway.config.TracingConfig;
import io.grpcweb.gateway.http.Substitution;
import java.util.Optional;

/**
 * What holds for the exchanges of a route.
 *
 * @param sampling the route's own
 * @param operation name of the span of an exchange; null for the usual one
 * @param attemptOperation the same of an attempt
 * @param decorator null for none
 */
record RouteTrace(
        Optional<TracingConfig.Sampling> sampling,
        OwnTags tags,
        Substitution operation,
        Substitution attemptOperation,
        String decorator,
        boolean tellsDecorator) {

    static RouteTrace of(TracingConfig.Spans spans, TracingConfig.OfRoute route, Substitution.Compiler compiler) {
        return new RouteTrace(
                route.sampling(),
                new OwnTags(spans.tags(), route.tags(), compiler),
                compiled(route.operation().isEmpty() ? spans.operation() : route.operation(), compiler),
                compiled(
                        route.attemptOperation().isEmpty() ? spans.attemptOperation() : route.attemptOperation(),
                        compiler),
                route.decorator().isEmpty() ? null : route.decorator(),
                route.tellsDecorator());
    }

    private static Substitution compiled(String format, Substitution.Compiler compiler) {
        return format.isEmpty() ? null : compiler.field(format);
    }
}
