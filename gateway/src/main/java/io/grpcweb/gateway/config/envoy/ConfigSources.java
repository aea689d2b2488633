package io.grpcweb.gateway.config.envoy;

import io.grpcweb.gateway.config.ControlPlane;
import io.grpcweb.gateway.config.ResourceSource;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Where resources come from: {@code envoy.config.core.v3.ConfigSource} and {@code ApiConfigSource}. */
final class ConfigSources {
    private static final String V2 = "V2";

    /** Between two questions where nothing is said; Envoy wants it said. */
    private static final Duration REFRESH = Duration.ofSeconds(5);

    private static final Duration QUESTION = Duration.ofSeconds(1);

    private final Reading reading;

    ConfigSources(Reading reading) {
        this.reading = reading;
    }

    /** The source in a field, if it is set and can be used. */
    Optional<ResourceSource> read(Msg owner, String field) {
        return owner.message(field).flatMap(this::source);
    }

    private Optional<ResourceSource> source(Msg source) {
        if (source.text("resource_api_version").equals(V2)) {
            reading.error(source, "resource_api_version", "V2 does not exist any more: write V3");
        }
        return way(source)
                .map(way -> new ResourceSource(
                        way, source.duration("initial_fetch_timeout", ResourceSource.FETCH_TIMEOUT)));
    }

    private Optional<ResourceSource.Way> way(Msg source) {
        if (source.has("ads")) {
            return Optional.of(new ResourceSource.Aggregated());
        }
        if (source.has("path")) {
            return file(source, "path", Optional.empty());
        }
        Optional<Msg> file = source.message("path_config_source");
        if (file.isPresent()) {
            return file(
                    file.get(), "path", file.get().message("watched_directory").map(folder -> folder.text("path")));
        }
        return source.message("api_config_source").flatMap(this::api);
    }

    private Optional<ResourceSource.Way> file(Msg owner, String field, Optional<String> folder) {
        String path = owner.text(field);
        if (!exists(path)) {
            reading.error(
                    owner, field, "paths must refer to an existing path in the system: '" + path + "' does not exist");
            return Optional.empty();
        }
        return Optional.of(new ResourceSource.InFile(path, folder));
    }

    private static boolean exists(String path) {
        try {
            return Files.exists(Path.of(path));
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private Optional<ResourceSource.Way> api(Msg api) {
        if (!api.text("api_type").equals("REST")) {
            return plane(api).map(ResourceSource.Streamed::new);
        }
        requireV3(api);
        List<String> clusters = api.texts("cluster_names");
        if (clusters.size() != 1) {
            reading.error(api, "cluster_names", "exactly one cluster is asked over HTTP, not " + clusters.size());
            return Optional.empty();
        }
        return known(api, "cluster_names", clusters.get(0))
                ? Optional.of(new ResourceSource.Polled(
                        clusters.get(0),
                        api.duration("refresh_delay", REFRESH),
                        api.duration("request_timeout", QUESTION)))
                : Optional.empty();
    }

    /** A control plane that is asked over gRPC. */
    Optional<ControlPlane> plane(Msg api) {
        requireV3(api);
        boolean delta =
                switch (api.text("api_type")) {
                    case "DELTA_GRPC", "AGGREGATED_DELTA_GRPC" -> true;
                    case "GRPC", "AGGREGATED_GRPC" -> false;
                    default -> {
                        reading.error(api, "api_type", "GRPC or DELTA_GRPC is expected here");
                        yield false;
                    }
                };
        List<Msg> services = api.messages("grpc_services");
        if (services.size() != 1) {
            reading.error(
                    api,
                    "grpc_services",
                    services.isEmpty()
                            ? "a gRPC service is required"
                            : "must have no more than 1 gRPC services specified, not " + services.size());
            return Optional.empty();
        }
        Msg service = services.get(0);
        Optional<GrpcTarget> target = service.has("google_grpc")
                ? GrpcTarget.of(service, reading)
                : service.message("envoy_grpc")
                        .filter(grpc -> known(grpc, "cluster_name", grpc.text("cluster_name")))
                        .map(grpc -> new GrpcTarget(grpc.text("cluster_name"), grpc.text("authority")));
        return target.map(one -> new ControlPlane(
                one.cluster(),
                one.authority(),
                delta,
                api.flag("set_node_on_first_message_only", false),
                metadata(service)));
    }

    private static List<ControlPlane.Field> metadata(Msg service) {
        return service.messages("initial_metadata").stream()
                .map(field -> new ControlPlane.Field(field.text("key"), field.text("value")))
                .toList();
    }

    private void requireV3(Msg api) {
        if (!api.text("transport_api_version").equals("V3")) {
            reading.error(
                    api,
                    "transport_api_version",
                    "V2 (and AUTO) xDS transport protocol versions are deprecated in: write V3");
        }
    }

    private boolean known(Msg owner, String field, String cluster) {
        boolean known = reading.isStatic(cluster);
        if (!known) {
            reading.error(owner, field, "Unknown gRPC client cluster '" + cluster + "': static_resources has none");
        }
        return known;
    }
}
