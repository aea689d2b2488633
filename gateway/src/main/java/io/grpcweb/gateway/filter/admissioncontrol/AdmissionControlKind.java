package io.grpcweb.gateway.filter.admissioncontrol;

import io.grpcweb.gateway.config.RouteConfig;
import io.grpcweb.gateway.config.envoy.Msg;
import io.grpcweb.gateway.config.envoy.Reading;
import io.grpcweb.gateway.config.hocon.DescribedFormat;
import io.grpcweb.gateway.config.hocon.Fields;
import io.grpcweb.gateway.filter.FilterContext;
import io.grpcweb.gateway.filter.FilterKind;
import io.grpcweb.gateway.http.HttpFilterFactory;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The filter {@code admission-control}. */
public final class AdmissionControlKind
        implements FilterKind<AdmissionControlConfig>, DescribedFormat<AdmissionControlConfig> {
    private static final RouteConfig.Range HTTP = new RouteConfig.Range(100, 600);

    @Override
    public Class<AdmissionControlConfig> settings() {
        return AdmissionControlConfig.class;
    }

    @Override
    public String type() {
        return "admission-control";
    }

    @Override
    public List<String> envoyTypes() {
        return List.of("envoy.extensions.filters.http.admission_control.v3.AdmissionControl");
    }

    @Override
    public AdmissionControlConfig usual(String name) {
        return new AdmissionControlConfig(
                name,
                true,
                Duration.ofSeconds(30),
                1,
                0.95,
                0,
                0.8,
                AdmissionControlConfig.GRPC_SUCCESS,
                AdmissionControlConfig.HTTP_SUCCESS);
    }

    @Override
    public AdmissionControlConfig fields(Fields own, AdmissionControlConfig given) {
        AdmissionControlConfig read = new AdmissionControlConfig(
                given.name(),
                own.flag("enabled", given.enabled()),
                own.duration("window", given.window()),
                own.decimal("aggression", given.aggression()),
                own.share("success-threshold", given.successThreshold()),
                own.integer("requests-per-second", given.requestsPerSecond()),
                own.share("most-refused", given.mostRefused()),
                own.integers("grpc-success", given.grpcSuccess()),
                own.sections("http-success", given.httpSuccess(), HTTP, AdmissionControlKind::range));
        if (read.aggression() < 1) {
            own.error("aggression", "must be at least 1, and is " + read.aggression());
        }
        if (read.successThreshold() < 0.01) {
            own.error("success-threshold", "must be at least 0.01, and is " + read.successThreshold());
        }
        return read;
    }

    private static RouteConfig.Range range(Fields own, RouteConfig.Range given) {
        return new RouteConfig.Range(own.whole("from", given.from()), own.whole("to", given.to()));
    }

    @Override
    public AdmissionControlConfig read(String name, Msg typed, Reading envoy) {
        AdmissionControlConfig usual = usual(name);
        Optional<Msg> criteria = typed.message("success_criteria");
        return new AdmissionControlConfig(
                name,
                typed.message("enabled")
                        .map(flag -> flag.flag("default_value", true))
                        .orElse(true),
                typed.duration("sampling_window", usual.window()),
                Math.max(
                        1,
                        typed.message("aggression")
                                .map(number -> number.decimal("default_value", 1))
                                .orElse(1.0)),
                Math.max(0.01, Reading.runtimePercent(typed, "sr_threshold", usual.successThreshold())),
                typed.message("rps_threshold")
                        .map(number -> number.integer("default_value", 0))
                        .orElse(0),
                Reading.runtimePercent(typed, "max_rejection_probability", usual.mostRefused()),
                criteria.flatMap(all -> all.message("grpc_criteria"))
                        .map(grpc -> grpc.numbers("grpc_success_status").stream()
                                .map(Long::intValue)
                                .toList())
                        .orElse(usual.grpcSuccess()),
                criteria.flatMap(all -> all.message("http_criteria"))
                        .map(http -> http.messages("http_success_status").stream()
                                .map(range -> new RouteConfig.Range(range.number("start", 0), range.number("end", 0)))
                                .toList())
                        .orElse(usual.httpSuccess()));
    }

    @Override
    public HttpFilterFactory make(AdmissionControlConfig config, FilterContext context) {
        String prefix = context.http().statPrefix();
        AdmissionControlStats stats = context.stats()
                .group(
                        "admission_control/" + prefix,
                        AdmissionControlStats.class,
                        () -> new AdmissionControlStats(prefix));
        return new AdmissionControlFactory(config, stats, context.nanoTime());
    }
}
