package io.grpcweb.gateway.config.hocon;

import io.grpcweb.gateway.config.CollectorConfig;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Where spans and log entries are sent, in the gateway's own format: over HTTP where there is a path, else over gRPC. */
final class CollectorFormat {
    static final CollectorConfig USUAL = new CollectorConfig.Grpc("", "", Duration.ofSeconds(10), List.of());

    /** The cluster is all that must be said. */
    static final Brief<CollectorConfig> CLUSTER = Brief.of(
            (owner, key, text) -> Optional.of(new CollectorConfig.Grpc(text, "", USUAL.timeout(), List.of())),
            collector -> collector.equals(new CollectorConfig.Grpc(collector.cluster(), "", USUAL.timeout(), List.of()))
                    ? Optional.of(collector.cluster())
                    : Optional.empty());

    private CollectorFormat() {}

    static CollectorConfig fields(Fields own, CollectorConfig given) {
        String cluster = own.text("cluster", given.cluster());
        if (cluster.isEmpty()) {
            own.error("", "'cluster' is required");
        }
        String authority = own.text("authority", given.authority());
        Duration timeout = own.duration("timeout", given.timeout());
        var fields = HeaderFormat.adds(own, "headers", given.fields());
        if (fields.stream().anyMatch(add -> add.value().indexOf('%') >= 0)) {
            own.error("headers", "operators have no value in the fields of a collector");
        }
        return own.text(
                        "path",
                        Optional.of(given)
                                .filter(CollectorConfig.Http.class::isInstance)
                                .map(http -> ((CollectorConfig.Http) http).path()))
                .<CollectorConfig>map(path -> new CollectorConfig.Http(cluster, authority, path, timeout, fields))
                .orElseGet(() -> new CollectorConfig.Grpc(cluster, authority, timeout, fields));
    }
}
