package io.grpcweb.gateway.config.hocon;

import io.grpcweb.gateway.config.ControlPlane;
import io.grpcweb.gateway.config.DynamicConfig;
import io.grpcweb.gateway.config.ResourceSource;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A control plane in the gateway's own format: clusters and listeners come over one stream, as messages of Envoy. */
final class PlaneFormat {
    private static final ControlPlane PLANE = new ControlPlane("", "", true, true, List.of());

    /** What holds in the section where nothing is written. */
    private static final DynamicConfig USUAL = new DynamicConfig(
            Optional.of(PLANE),
            source(ResourceSource.FETCH_TIMEOUT),
            source(ResourceSource.FETCH_TIMEOUT),
            Map.of(),
            Optional.empty());

    private static final ControlPlane.Field NOTHING = new ControlPlane.Field("", "");

    /** {@code NAME: VALUE}. */
    private static final Brief<ControlPlane.Field> LINE = Brief.of(PlaneFormat::fromLine, PlaneFormat::toLine);

    private PlaneFormat() {}

    private static Optional<ResourceSource> source(Duration wait) {
        return Optional.of(new ResourceSource(new ResourceSource.Aggregated(), wait));
    }

    /**
     * The section {@code control-plane}.
     *
     * @param clusters the names of all clusters
     */
    static DynamicConfig section(Fields owner, DynamicConfig given, Iterable<String> clusters) {
        Optional<DynamicConfig> written = given.aggregated().isPresent() ? Optional.of(given) : Optional.empty();
        return owner.section("control-plane", written, USUAL, (own, one) -> fields(own, one, clusters))
                .orElse(DynamicConfig.NONE);
    }

    private static DynamicConfig fields(Fields own, DynamicConfig given, Iterable<String> clusters) {
        ControlPlane plane = plane(own, given.aggregated().orElse(PLANE));
        if (!own.writing()) {
            requireKnown(own, plane.cluster(), clusters);
        }
        Duration wait = own.duration("wait", wait(given));
        boolean givesClusters = own.flag("gives-clusters", given.clusters().isPresent());
        boolean givesListeners = own.flag("gives-listeners", given.listeners().isPresent());
        Map<String, Object> node = new LinkedHashMap<>();
        own.map("metadata", given.node()).forEach((name, value) -> node.put(name.toString(), value));
        return new DynamicConfig(
                Optional.of(plane),
                givesListeners ? source(wait) : Optional.empty(),
                givesClusters ? source(wait) : Optional.empty(),
                node,
                Optional.empty());
    }

    private static ControlPlane plane(Fields own, ControlPlane given) {
        return new ControlPlane(
                own.text("cluster", given.cluster()),
                own.text("authority", given.authority()),
                own.flag("changes-only", given.delta()),
                own.flag("node-once", given.nodeOnce()),
                own.sections("headers", given.metadata(), NOTHING, PlaneFormat::header, LINE));
    }

    private static void requireKnown(Fields own, String cluster, Iterable<String> clusters) {
        for (String known : clusters) {
            if (known.equals(cluster)) {
                return;
            }
        }
        own.error(
                "cluster",
                cluster.isEmpty()
                        ? "the cluster that the control plane is in is required: control-plane { cluster = NAME }"
                        : "there is no cluster '" + cluster + "': write clusters." + cluster
                                + ".endpoints = [\"HOST:PORT\"]");
    }

    private static Duration wait(DynamicConfig given) {
        return given.clusters()
                .or(given::listeners)
                .map(ResourceSource::fetchTimeout)
                .orElse(ResourceSource.FETCH_TIMEOUT);
    }

    private static ControlPlane.Field header(Fields own, ControlPlane.Field given) {
        return new ControlPlane.Field(own.text("name", given.name()), own.text("value", given.value()));
    }

    private static Optional<ControlPlane.Field> fromLine(Fields owner, String key, String line) {
        int colon = line.indexOf(':');
        if (colon <= 0) {
            owner.error(key, "\"NAME: VALUE\" is expected, not '" + line + "'");
            return Optional.empty();
        }
        return Optional.of(new ControlPlane.Field(
                line.substring(0, colon).strip(), line.substring(colon + 1).strip()));
    }

    private static Optional<String> toLine(ControlPlane.Field field) {
        boolean plain =
                !field.name().isEmpty() && field.value().equals(field.value().strip());
        return plain ? Optional.of(field.name() + ": " + field.value()) : Optional.empty();
    }
}
