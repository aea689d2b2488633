package io.grpcweb.gateway.config.envoy;

import io.grpcweb.gateway.config.CollectorConfig;
import io.grpcweb.gateway.config.HeaderRules;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Where spans and log entries are sent. */
final class Collectors {
    private final Reading reading;

    Collectors(Reading reading) {
        this.reading = reading;
    }

    /** The one that the fields {@code grpc_service} and {@code http_service} of a message name; both would be too many. */
    Optional<CollectorConfig> read(Msg owner) {
        if (owner.has("grpc_service") && owner.has("http_service")) {
            reading.error(owner, "http_service", "grpc_service is set as well: only one of them may be");
        }
        Optional<CollectorConfig> http = owner.message("http_service").flatMap(this::http);
        return http.isPresent() ? http : grpc(owner).map(CollectorConfig.class::cast);
    }

    /** The one of the field {@code grpc_service}. */
    Optional<CollectorConfig.Grpc> grpc(Msg owner) {
        Optional<Msg> service = owner.message("grpc_service");
        return service.flatMap(one -> GrpcTarget.of(one, reading))
                .map(target -> new CollectorConfig.Grpc(
                        target.cluster(),
                        target.authority(),
                        service.get().duration("timeout", Duration.ZERO),
                        metadata(service.get())));
    }

    private List<HeaderRules.Add> metadata(Msg service) {
        List<HeaderRules.Add> found = new ArrayList<>();
        for (Msg value : service.messages("initial_metadata")) {
            found.add(constant(
                    value,
                    "value",
                    new HeaderRules.Add(
                            value.text("key").toLowerCase(Locale.ROOT),
                            value.text("value"),
                            HeaderRules.Action.APPEND,
                            false)));
        }
        return found;
    }

    private Optional<CollectorConfig> http(Msg service) {
        Optional<Msg> uri = service.message("http_uri");
        if (uri.isEmpty()) {
            reading.error(service, "", "http_uri is required");
            return Optional.empty();
        }
        Msg one = uri.get();
        reading.requireCluster(one, "cluster", one.text("cluster"));
        List<HeaderRules.Add> fields = new Headers(reading)
                .add(service, "request_headers_to_add").stream()
                        .map(add -> constant(service, "request_headers_to_add", add))
                        .toList();
        try {
            URI parsed = new URI(one.text("uri"));
            String path = parsed.getRawPath() == null || parsed.getRawPath().isEmpty() ? "/" : parsed.getRawPath();
            return Optional.of(new CollectorConfig.Http(
                    one.text("cluster"),
                    parsed.getRawAuthority() == null ? "" : parsed.getRawAuthority(),
                    parsed.getRawQuery() == null ? path : path + "?" + parsed.getRawQuery(),
                    one.duration("timeout", Duration.ZERO),
                    fields));
        } catch (URISyntaxException e) {
            reading.error(one, "uri", "'" + one.text("uri") + "' is no URI: " + e.getReason());
            return Optional.empty();
        }
    }

    /** A batch belongs to no exchange, so that operators have nothing to look at. */
    private HeaderRules.Add constant(Msg owner, String field, HeaderRules.Add add) {
        if (add.value().indexOf('%') >= 0) {
            reading.error(owner, field, "operators have no value in the fields of a collector: '" + add.value() + "'");
        }
        return add;
    }
}
