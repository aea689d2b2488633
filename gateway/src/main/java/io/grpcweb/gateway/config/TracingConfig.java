package io.grpcweb.gateway.config;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * How the exchanges of a listener are traced.
 *
 * @param collector where spans go; absent: no spans, and only request ids say what would be sampled
 * @param resource what the spans are from, such as {@code service.name}
 * @param sampling which exchanges are traced
 * @param sampler what has the last word about those; absent: the caller has, where it sent a context
 * @param context how the trace is named to backends and by clients
 * @param spans what spans say
 * @param flushing when they are sent
 * @param requestIds what request ids have to do with it
 */
public record TracingConfig(
        Optional<CollectorConfig> collector,
        Map<String, String> resource,
        Sampling sampling,
        Optional<Sampler> sampler,
        Context context,
        Spans spans,
        Flushing flushing,
        RequestIds requestIds) {

    public TracingConfig {
        resource = Collections.unmodifiableMap(new TreeMap<>(resource));
    }

    /**
     * Shares of exchanges, 0 to 1.
     *
     * @param client of those whose client asks for it with x-client-trace-id
     * @param random of the others
     * @param overall of all that were chosen
     */
    public record Sampling(double client, double random, double overall) {
        public static final Sampling ALL = new Sampling(1, 1, 1);
    }

    /** What the request id of an exchange has to do with its sampling. */
    public enum RequestIds {
        /** Its beginning is the chance, and its 15th character the decision: of a proxy before, and for those behind. */
        DECIDE_AND_TELL,
        /** Its beginning is the chance. */
        DECIDE,
        /** Nothing: every exchange is chosen, and the sampler alone decides. */
        UNUSED
    }

    /** What has the last word about an exchange that sampling has chosen. */
    public sealed interface Sampler {
        record AlwaysOn() implements Sampler {}

        /** A share of traces, by their ids. */
        record Ratio(double share) implements Sampler {}

        /** The caller, and another one where there is no caller's context. */
        record ParentBased(Sampler root) implements Sampler {}
    }

    /**
     * How the trace is named.
     *
     * @param w3c the fields {@code traceparent} and {@code tracestate} (W3C Trace Context)
     * @param b3 the fields {@code x-b3-traceid} and its kin (Zipkin)
     * @param toBackends whether backends are told at all; what came from the client goes on otherwise
     */
    public record Context(boolean w3c, boolean b3, boolean toBackends) {
        public static final Context W3C = new Context(true, false, true);
    }

    /** Whose names the attributes of spans have. */
    public enum Names {
        ENVOY,
        /** The semantic conventions of OpenTelemetry for RPC and HTTP. */
        OPENTELEMETRY
    }

    /**
     * What spans say.
     *
     * @param ofAttempts whether each attempt at a backend has a span, below that of the exchange
     * @param operation the name of the span of an exchange; may hold operators; empty for the usual one
     * @param attemptOperation the same of an attempt
     * @param pathLength how many characters of the path {@code http.url} has
     * @param verbose whether points in time are events of the span
     * @param egress whether requests are from inside: the gateway calls for a service beside it
     */
    public record Spans(
            Names names,
            boolean ofAttempts,
            String operation,
            String attemptOperation,
            OptionalInt pathLength,
            boolean verbose,
            boolean egress,
            List<TagRule> tags) {
        public Spans {
            tags = List.copyOf(tags);
        }
    }

    /**
     * When spans are sent, counted for each event loop.
     *
     * @param spans so many are sent at once
     * @param interval no span waits longer
     * @param most so many wait; others are dropped
     */
    public record Flushing(int spans, Duration interval, int most) {
        /** Envoy's. */
        public static final Flushing DEFAULT = new Flushing(5, Duration.ofSeconds(5), 1024);
    }

    /**
     * What a route says of it.
     *
     * @param sampling instead of the listener's
     * @param tags in addition to the listener's
     * @param operation instead of the listener's; may be empty
     * @param attemptOperation the same of an attempt
     * @param decorator the name of the span, and of nothing else; may be empty
     * @param tellsDecorator whether the client is told the decorator, or the backend where the gateway calls for a service
     */
    public record OfRoute(
            Optional<Sampling> sampling,
            List<TagRule> tags,
            String operation,
            String attemptOperation,
            String decorator,
            boolean tellsDecorator) {
        public static final OfRoute NOTHING = new OfRoute(Optional.empty(), List.of(), "", "", "", true);

        public OfRoute {
            tags = List.copyOf(tags);
        }
    }
}
