package io.grpcweb.gateway.config.envoy;

import io.grpcweb.gateway.config.CollectorConfig;
import io.grpcweb.gateway.config.TracingConfig;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** An {@code envoy.config.trace.v3.Tracing.Http}: who sends spans where. */
final class Tracers {
    private static final String OPENTELEMETRY = "envoy.config.trace.v3.OpenTelemetryConfig";
    private static final String ZIPKIN = "envoy.config.trace.v3.ZipkinConfig";
    private static final String DATADOG = "envoy.config.trace.v3.DatadogConfig";

    private final Reading reading;
    private final Collectors collectors;
    private final ResourceDetectors detectors;

    Tracers(Reading reading) {
        this.reading = reading;
        this.collectors = new Collectors(reading);
        this.detectors = new ResourceDetectors(reading);
    }

    /** What a tracer says of where spans go, and what else is its own. */
    record Tracer(
            CollectorConfig collector,
            Map<String, String> resource,
            Optional<Msg> sampler,
            TracingConfig.Context context,
            int mostSpans) {}

    Optional<Tracer> read(Msg provider) {
        Optional<Msg> typed = provider.message("typed_config");
        if (typed.isEmpty() || typed.get().isWithoutEffect()) {
            return Optional.empty();
        }
        return switch (typed.get().type()) {
            case OPENTELEMETRY -> openTelemetry(typed.get());
            case ZIPKIN -> zipkin(typed.get());
            case DATADOG -> datadog(typed.get());
            default -> {
                reading.error(provider, "typed_config", typed.get().type() + " is no tracer");
                yield Optional.empty();
            }
        };
    }

    private Optional<Tracer> openTelemetry(Msg config) {
        Map<String, String> resource = new LinkedHashMap<>();
        if (config.flag("set_telemetry_sdk_resource_attributes", true)) {
            resource.put("telemetry.sdk.language", "java");
            resource.put("telemetry.sdk.name", "grpc-web-gateway");
        }
        if (config.flag("set_service_name_resource_attribute", true)) {
            resource.put("service.name", config.filled("service_name").orElse("unknown_service:envoy"));
        }
        resource.putAll(detectors.read(config));
        return collectors
                .read(config)
                .map(collector -> new Tracer(
                        collector,
                        resource,
                        config.message("sampler"),
                        TracingConfig.Context.W3C,
                        config.integer("max_cache_size", TracingConfig.Flushing.DEFAULT.most())));
    }

    private Optional<Tracer> zipkin(Msg config) {
        String cluster = config.text("collector_cluster");
        if (cluster.isEmpty()) {
            reading.warn(config, "", "without collector_cluster no spans are sent");
            return Optional.empty();
        }
        boolean both = config.text("trace_context_option").equals("USE_B3_WITH_W3C_PROPAGATION");
        return Optional.of(otlp(
                config, cluster, config.text("collector_hostname"), new TracingConfig.Context(both, true, true), ""));
    }

    private Optional<Tracer> datadog(Msg config) {
        return Optional.of(otlp(
                config,
                config.text("collector_cluster"),
                config.text("collector_hostname"),
                TracingConfig.Context.W3C,
                config.text("service_name")));
    }

    private Tracer otlp(Msg config, String cluster, String host, TracingConfig.Context context, String service) {
        reading.requireCluster(config, "collector_cluster", cluster);
        reading.warn(
                config,
                "collector_cluster",
                "spans are sent as OTLP over HTTP, to /v1/traces of the cluster '" + cluster
                        + "': let it lead to a collector that takes them");
        return new Tracer(
                Tracings.otlp(cluster, host),
                Map.of("service.name", service.isEmpty() ? "unknown_service:envoy" : service),
                Optional.empty(),
                context,
                TracingConfig.Flushing.DEFAULT.most());
    }
}
