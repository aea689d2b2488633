package io.grpcweb.gateway.config.envoy;

import io.grpcweb.gateway.config.AccessLogConfig;
import io.grpcweb.gateway.config.Addresses;
import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.ConfigBytes;
import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.DynamicConfig;
import io.grpcweb.gateway.config.Endpoint;
import io.grpcweb.gateway.config.ErrorFormat;
import io.grpcweb.gateway.config.FilesRead;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.config.ListenerConfig;
import io.grpcweb.gateway.config.OverloadConfig;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** Reads an Envoy bootstrap, of API v3 or older, in YAML, JSON or protobuf text. */
public final class EnvoyBootstrap {
    /** What a bootstrap is. */
    static final String TYPE = "envoy.config.bootstrap.v3.Bootstrap";

    private final Problems problems = new Problems();
    private final Options options;
    private final FilesRead files;

    /**
     * How to read.
     *
     * @param allowUnknown whether fields that Envoy does not have are a warning (Envoy's --allow-unknown-static-fields)
     * @param strictUpstreamTls whether upstream TLS that checks nothing is refused
     * @param filters the kinds of filters that exist
     * @param operators what is wrong with the operators of a text ({@code %REQ(...)%}), if anything is
     * @param rejectUnknownDynamic whether resources from elsewhere with unknown fields are refused (Envoy's
     *     --reject-unknown-dynamic-fields)
     */
    public record Options(
            boolean allowUnknown,
            boolean strictUpstreamTls,
            List<? extends EnvoyFormat<?>> filters,
            Function<String, Optional<String>> operators,
            boolean rejectUnknownDynamic) {
        /** Resources from elsewhere may have unknown fields. */
        public Options(
                boolean allowUnknown,
                boolean strictUpstreamTls,
                List<? extends EnvoyFormat<?>> filters,
                Function<String, Optional<String>> operators) {
            this(allowUnknown, strictUpstreamTls, filters, operators, false);
        }

        /** Without a look at operators. */
        public Options(boolean allowUnknown, boolean strictUpstreamTls, List<? extends EnvoyFormat<?>> filters) {
            this(allowUnknown, strictUpstreamTls, filters, text -> Optional.empty());
        }
    }

    private EnvoyBootstrap(Options options, FilesRead files) {
        this.options = options;
        this.files = files;
    }

    /**
     * The configuration that the file describes.
     *
     * @param file the bootstrap, if there is one
     * @param overlay YAML of the command line that is merged over it, if there is any
     */
    public static GatewayConfig read(Optional<Path> file, Optional<String> overlay, Options options)
            throws ConfigException {
        return read(file, overlay, options, new FilesRead());
    }

    /**
     * The same.
     *
     * @param files is told of every file that is read
     */
    public static GatewayConfig read(Optional<Path> file, Optional<String> overlay, Options options, FilesRead files)
            throws ConfigException {
        return new EnvoyBootstrap(options, files).read(file, overlay);
    }

    /** What may be shown of YAML of the command line; empty where all of it may be, as it was written. */
    public static Optional<Map<String, Object>> withoutSecrets(String overlay, List<? extends EnvoyFormat<?>> filters) {
        Schema schema = Schema.load(filters);
        Document document = new Document(schema);
        Problems problems = new Problems();
        try {
            Yaml.Mapping tree = YamlReader.read("", overlay.getBytes(StandardCharsets.UTF_8), problems);
            new Upgrade(schema, filters).apply(tree, problems);
            Map<String, Object> shown = document.of(tree, TYPE);
            return document.hides() ? Optional.of(shown) : Optional.empty();
        } catch (ConfigException e) {
            return Optional.of(Map.of());
        }
    }

    private GatewayConfig read(Optional<Path> file, Optional<String> overlay) throws ConfigException {
        Schema schema = Schema.load(options.filters());
        Yaml.Mapping tree = null;
        if (file.isPresent()) {
            files.add(file.get());
            tree = tree(file.get(), schema);
        }
        if (overlay.isPresent()) {
            Yaml.Mapping above = YamlReader.read("", overlay.get().getBytes(StandardCharsets.UTF_8), problems);
            tree = tree == null ? above : Overlay.merge(tree, above);
        }
        new Upgrade(schema, options.filters()).apply(tree, problems);
        Msg bootstrap = new Checker(schema, Support.load(options.filters()), problems, options.allowUnknown())
                .check(TYPE, tree);
        return config(bootstrap, schema, new Document(schema).of(tree, TYPE));
    }

    private Yaml.Mapping tree(Path file, Schema schema) throws ConfigException {
        String name = file.toString();
        return name.endsWith(".pb_text")
                ? TextReader.read(name, ConfigBytes.read(file), TYPE, schema)
                : YamlReader.read(name, ConfigBytes.read(file), problems);
    }

    private GatewayConfig config(Msg bootstrap, Schema schema, Map<String, Object> document) throws ConfigException {
        Reading reading = new Reading(problems, schema, options, files);
        reading.bootstrap(bootstrap);
        reading.runtime.warn(bootstrap, reading);
        Optional<Msg> resources = bootstrap.message("static_resources");
        resources.ifPresent(
                one -> one.messages("secrets").forEach(secret -> reading.secrets.put(secret.text("name"), secret)));
        resources.ifPresent(
                one -> one.messages("clusters").forEach(cluster -> reading.staticClusters.add(cluster.text("name"))));
        DynamicConfig dynamic = new DynamicResources(reading)
                .read(
                        bootstrap,
                        node(document),
                        new EnvoyResources(schema, options, bootstrap, reading.staticClusters));
        Matchers matchers = new Matchers(reading);
        AccessLogs logs = new AccessLogs(reading, matchers);
        Tls tls = new Tls(reading, matchers);
        List<ClusterConfig> clusters = new Clusters(reading, tls, new Resolvers(reading, bootstrap))
                .read(resources.map(one -> one.messages("clusters")).orElse(List.of()));
        List<ListenerConfig> listeners = new Listeners(reading, matchers, tls, logs)
                .read(resources.map(one -> one.messages("listeners")).orElse(List.of()));
        if (listeners.isEmpty() && dynamic.listeners().isEmpty()) {
            problems.warn(bootstrap.mark(), "static_resources.listeners", "no listener: nothing can be called");
        }
        Optional<GatewayConfig.AdminConfig> admin =
                bootstrap.message("admin").flatMap(one -> admin(one, reading, logs));
        GatewayConfig.Node node =
                bootstrap.message("node").map(EnvoyBootstrap::node).orElse(GatewayConfig.Node.NONE);
        OverloadConfig overload = bootstrap
                .message("overload_manager")
                .map(one -> new Overloads(reading).read(one))
                .orElse(OverloadConfig.DEFAULT);
        problems.throwIfAny();
        return new GatewayConfig(
                listeners,
                Stream.concat(clusters.stream(), reading.targets.values().stream())
                        .toList(),
                admin,
                ErrorFormat.ENVOY,
                GatewayConfig.DrainConfig.DEFAULT,
                node,
                Optional.of(document),
                problems.warnings(),
                dynamic,
                overload);
    }

    private static Map<String, Object> node(Map<String, Object> document) {
        Map<String, Object> found = new LinkedHashMap<>();
        if (document.get("node") instanceof Map<?, ?> node) {
            node.forEach((key, value) -> found.put(key.toString(), value));
        }
        return found;
    }

    private static GatewayConfig.Node node(Msg node) {
        return new GatewayConfig.Node(
                node.text("id"),
                node.text("cluster"),
                node.message("locality")
                        .map(place -> new GatewayConfig.Node.Locality(
                                place.text("region"), place.text("zone"), place.text("sub_zone")))
                        .orElse(GatewayConfig.Node.Locality.NOWHERE));
    }

    private static Optional<GatewayConfig.AdminConfig> admin(Msg admin, Reading reading, AccessLogs logs) {
        Optional<Msg> address = admin.message("address");
        if (address.isEmpty()) {
            return Optional.empty();
        }
        Endpoint endpoint = reading.address(address.get());
        if (!endpoint.isPipe() && !Addresses.isLoopback(endpoint.host())) {
            reading.warn(
                    address.get(),
                    "",
                    "the admin pages are open to everyone who reaches " + endpoint
                            + ", and they can end the gateway; write 127.0.0.1");
        }
        List<AccessLogConfig> access = new ArrayList<>(logs.local(admin));
        admin.filled("access_log_path")
                .filter(path -> !path.equals("/dev/null"))
                .ifPresent(path -> access.add(new AccessLogConfig(
                        AccessLogs.file(path), new AccessLogConfig.Format.Default(), Optional.empty())));
        return Optional.of(new GatewayConfig.AdminConfig(endpoint.host(), endpoint.port(), access, Map.of()));
    }
}
