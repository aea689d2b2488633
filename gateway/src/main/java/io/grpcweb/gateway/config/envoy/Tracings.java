package io.grpcweb.gateway.config.envoy;

import io.grpcweb.gateway.config.CollectorConfig;
import io.grpcweb.gateway.config.TracingConfig;
import io.grpcweb.gateway.config.TracingConfig.Sampler;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** What is said of tracing: by an HTTP connection manager, and by routes. */
final class Tracings {
    private static final String SAMPLERS = "envoy.extensions.tracers.opentelemetry.samplers.v3.";

    private final Reading reading;
    private final Tracers tracers;

    Tracings(Reading reading) {
        this.reading = reading;
        this.tracers = new Tracers(reading);
    }

    Optional<TracingConfig> read(Msg manager) {
        return manager.message("tracing").map(tracing -> {
            Optional<Tracers.Tracer> tracer =
                    tracing.message("provider").or(() -> reading.tracer()).flatMap(tracers::read);
            TracingConfig.Flushing usual = TracingConfig.Flushing.DEFAULT;
            return new TracingConfig(
                    tracer.map(Tracers.Tracer::collector),
                    tracer.map(Tracers.Tracer::resource).orElse(Map.of()),
                    sampling(tracing),
                    tracer.flatMap(Tracers.Tracer::sampler).flatMap(this::sampler),
                    context(tracer, tracing.flag("no_context_propagation", false)),
                    spans(tracing),
                    new TracingConfig.Flushing(
                            (int) Math.max(
                                    1,
                                    reading.runtime
                                            .number(RuntimeKeys.MIN_FLUSH_SPANS)
                                            .orElse(usual.spans())),
                            interval(usual.interval()),
                            tracer.map(Tracers.Tracer::mostSpans).orElse(usual.most())),
                    requestIds(manager));
        });
    }

    /** What a {@code UuidRequestIdConfig} says; there is no other kind of id. */
    private static TracingConfig.RequestIds requestIds(Msg manager) {
        Optional<Msg> uuid = manager.message("request_id_extension").flatMap(one -> one.message("typed_config"));
        if (!uuid.map(one -> one.flag("use_request_id_for_trace_sampling", true))
                .orElse(true)) {
            return TracingConfig.RequestIds.UNUSED;
        }
        return uuid.map(one -> one.flag("pack_trace_reason", true)).orElse(true)
                ? TracingConfig.RequestIds.DECIDE_AND_TELL
                : TracingConfig.RequestIds.DECIDE;
    }

    private Duration interval(Duration usual) {
        long millis = (long) reading.runtime.number(RuntimeKeys.FLUSH_INTERVAL).orElse((double) usual.toMillis());
        return Duration.ofMillis(Math.max(1, Math.min(millis, usual.toMillis())));
    }

    private static TracingConfig.Context context(Optional<Tracers.Tracer> tracer, boolean silent) {
        TracingConfig.Context usual = tracer.map(Tracers.Tracer::context).orElse(TracingConfig.Context.W3C);
        return new TracingConfig.Context(usual.w3c(), usual.b3(), !silent);
    }

    private TracingConfig.Spans spans(Msg tracing) {
        return new TracingConfig.Spans(
                TracingConfig.Names.ENVOY,
                tracing.flag("spawn_upstream_span", false),
                operators(tracing, "operation"),
                operators(tracing, "upstream_operation"),
                tracing.has("max_path_tag_length")
                        ? OptionalInt.of(tracing.integer("max_path_tag_length", 0))
                        : OptionalInt.empty(),
                tracing.flag("verbose", false),
                reading.outbound,
                CustomTags.read(tracing, reading));
    }

    private String operators(Msg owner, String field) {
        reading.checkOperators(owner, field, owner.text(field));
        return owner.text(field);
    }

    private TracingConfig.Sampling sampling(Msg tracing) {
        return new TracingConfig.Sampling(
                share(tracing, "client_sampling", RuntimeKeys.CLIENT_SAMPLING),
                share(tracing, "random_sampling", RuntimeKeys.RANDOM_SAMPLING),
                share(tracing, "overall_sampling", RuntimeKeys.OVERALL_SAMPLING));
    }

    /** An {@code envoy.type.v3.Percent}; the runtime key, in hundredths of a percent, counts before it. */
    private double share(Msg tracing, String field, String key) {
        double percent =
                tracing.message(field).map(one -> one.decimal("value", 0)).orElse(100.0);
        return Math.min(1, reading.runtime.number(key).orElse(percent * 100) / 10_000);
    }

    private Optional<Sampler> sampler(Msg extension) {
        Optional<Msg> typed = extension.message("typed_config");
        if (typed.isEmpty() || typed.get().isWithoutEffect()) {
            return Optional.empty();
        }
        Msg one = typed.get();
        if (one.type().equals(SAMPLERS + "AlwaysOnSamplerConfig")) {
            return Optional.of(new Sampler.AlwaysOn());
        }
        if (one.type().equals(SAMPLERS + "TraceIdRatioBasedSamplerConfig")) {
            return Optional.of(new Sampler.Ratio(
                    one.message("sampling_percentage").map(Reading::fraction).orElse(0.0)));
        }
        if (one.type().equals(SAMPLERS + "ParentBasedSamplerConfig")) {
            return Optional.of(new Sampler.ParentBased(
                    one.message("wrapped_sampler").flatMap(this::sampler).orElse(new Sampler.AlwaysOn())));
        }
        reading.error(extension, "typed_config", one.type() + " is no sampler");
        return Optional.empty();
    }

    /** What a route says. */
    TracingConfig.OfRoute route(Msg route) {
        Optional<Msg> tracing = route.message("tracing");
        Optional<Msg> decorator = route.message("decorator");
        if (tracing.isEmpty() && decorator.isEmpty()) {
            return TracingConfig.OfRoute.NOTHING;
        }
        return new TracingConfig.OfRoute(
                tracing.map(one -> new TracingConfig.Sampling(
                        fraction(one, "client_sampling"),
                        fraction(one, "random_sampling"),
                        fraction(one, "overall_sampling"))),
                tracing.map(one -> CustomTags.read(one, reading)).orElse(List.of()),
                tracing.map(one -> operators(one, "operation")).orElse(""),
                tracing.map(one -> operators(one, "upstream_operation")).orElse(""),
                decorator.map(one -> one.text("operation")).orElse(""),
                decorator.map(one -> one.flag("propagate", true)).orElse(true));
    }

    private static double fraction(Msg tracing, String field) {
        return tracing.message(field).map(Reading::fraction).orElse(1.0);
    }

    /** The fields of Datadog and of Zipkin name a collector that takes OTLP. */
    static CollectorConfig otlp(String cluster, String host) {
        return new CollectorConfig.Http(cluster, host, "/v1/traces", Duration.ZERO, List.of());
    }
}
