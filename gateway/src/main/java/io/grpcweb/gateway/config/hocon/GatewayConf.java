package io.grpcweb.gateway.config.hocon;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigSyntax;
import io.grpcweb.gateway.config.ClusterConfig;
import io.grpcweb.gateway.config.ConfigBytes;
import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.ConfigProblem;
import io.grpcweb.gateway.config.Endpoint;
import io.grpcweb.gateway.config.ErrorFormat;
import io.grpcweb.gateway.config.FilesRead;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.config.GatewayConfig.AdminConfig;
import io.grpcweb.gateway.config.GatewayConfig.DrainConfig;
import io.grpcweb.gateway.config.ListenerConfig;
import io.grpcweb.gateway.config.RouteConfig;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The gateway's own format, in HOCON. {@code config/gateway.conf} explains every key. */
public final class GatewayConf {
    private static final Endpoint ADMIN = new Endpoint("127.0.0.1", 9901);

    private GatewayConf() {}

    /**
     * Reads a file; all problems are reported at once.
     *
     * @param filters the kinds of filters that it may name
     */
    public static GatewayConfig read(Path path, FilterFormats filters) throws ConfigException {
        return read(path, filters, new FilesRead());
    }

    /**
     * The same.
     *
     * @param files is told of every file that is read
     */
    public static GatewayConfig read(Path path, FilterFormats filters, FilesRead files) throws ConfigException {
        File file = path.toFile();
        files.add(path);
        if (!Files.isReadable(path)) {
            String text = Files.exists(path) ? "this file cannot be read" : "this file does not exist";
            throw new ConfigException(List.of(new ConfigProblem(path.toString(), 0, "", text)));
        }
        if (!Files.isRegularFile(path) && !Files.isDirectory(path)) {
            // A pipe can be read once.
            return read(path.toString(), filters, files, () -> parsed(file, files));
        }
        refuseDepth(path.toString(), new String(ConfigBytes.read(path), StandardCharsets.UTF_8));
        return read(path.toString(), filters, files, () -> parsed(file, files));
    }

    private static Config parsed(File file, FilesRead files) {
        return ConfigFactory.parseFile(
                file,
                ConfigParseOptions.defaults()
                        .setAllowMissing(false)
                        .setSyntax(ConfigSyntax.CONF)
                        .appendIncluder(new NotedIncludes(files)));
    }

    /** Reads a text that has no file; {@code name} stands for it in messages. */
    public static GatewayConfig parse(String text, String name, FilterFormats filters) throws ConfigException {
        refuseDepth(name, text);
        return read(
                name,
                filters,
                new FilesRead(),
                () -> ConfigFactory.parseString(
                        text, ConfigParseOptions.defaults().setOriginDescription(name)));
    }

    private interface Source {
        Config load();
    }

    private static GatewayConfig read(String name, FilterFormats filters, FilesRead files, Source source)
            throws ConfigException {
        try {
            return parse(name, filters, files, source);
        } catch (StackOverflowError e) {
            // A path or a chain of substitutions may be as deep as brackets are.
            throw new ConfigException(List.of(new ConfigProblem(name, 0, "", Nesting.problem())));
        }
    }

    private static void refuseDepth(String name, String text) throws ConfigException {
        int line = Nesting.tooDeep(text);
        if (line > 0) {
            throw new ConfigException(List.of(new ConfigProblem(name, line, "", Nesting.problem())));
        }
    }

    private static GatewayConfig parse(String name, FilterFormats filters, FilesRead files, Source source)
            throws ConfigException {
        Config config;
        try {
            config = source.load().resolve(ConfigResolveOptions.defaults());
        } catch (com.typesafe.config.ConfigException e) {
            int line = e.origin() == null ? 0 : Math.max(0, e.origin().lineNumber());
            String message = e.getMessage().replaceFirst("^.*?: \\d+: ", "");
            String prefix = e.origin() == null ? "" : e.origin().description() + ": ";
            throw new ConfigException(List.of(new ConfigProblem(
                    name, line, "", message.startsWith(prefix) ? message.substring(prefix.length()) : message)));
        }
        Findings findings = new Findings(name, files);
        GatewayConfig read = gateway(new Section(config.root(), "", findings), findings, filters);
        findings.throwIfAny();
        return read;
    }

    static GatewayConfig gateway(Section root, Findings findings, FilterFormats filters) {
        Map<String, ClusterConfig> clusters = new LinkedHashMap<>();
        root.named("clusters").forEach((name, section) -> clusters.put(name, ClusterFormat.read(name, section)));
        RouteFormat routes = new RouteFormat(
                clusters,
                root.flag("allow-unknown-clusters", false),
                DescriptorSets.idempotent(root, "descriptor-sets"),
                filters);
        ListenerFormat format = new ListenerFormat(new HttpFormat(routes, filters));
        List<ListenerConfig> listeners = new ArrayList<>();
        root.named("listeners").forEach((name, section) -> listeners.add(format.read(name, section)));
        if (listeners.isEmpty()) {
            root.error(
                    "listeners",
                    "at least one listener is required: listeners { main { listen = \"127.0.0.1:8080\" } }");
        }
        Section drain = root.sectionOrEmpty("drain");
        Section node = root.sectionOrEmpty("node");
        GatewayConfig config = new GatewayConfig(
                listeners,
                List.copyOf(clusters.values()),
                admin(root),
                root.choice("error-format", ErrorFormat.class, ErrorFormat.BROWSER),
                new DrainConfig(
                        drain.duration("delay", DrainConfig.DEFAULT.shutdownDelay()),
                        drain.duration("limit", DrainConfig.DEFAULT.shutdownLimit()),
                        drain.duration("admin-time", DrainConfig.DEFAULT.drainTime()),
                        drain.flag("gradual", DrainConfig.DEFAULT.gradual())),
                new GatewayConfig.Node(
                        node.text("id", ""),
                        node.text("cluster", ""),
                        new GatewayConfig.Node.Locality(
                                node.text("region", ""), node.text("zone", ""), node.text("sub-zone", ""))),
                Optional.empty(),
                List.of());
        Cautions.of(config).forEach(caution -> findings.warn(caution.place(), caution.text()));
        return new GatewayConfig(
                config.listeners(),
                config.clusters(),
                config.admin(),
                config.errorFormat(),
                config.drain(),
                config.node(),
                config.document(),
                findings.warnings());
    }

    private static Optional<AdminConfig> admin(Section root) {
        if (root.isText("admin")) {
            root.flag("admin", false);
            return Optional.empty();
        }
        return root.section("admin").map(admin -> {
            Endpoint address = admin.endpoint("listen").orElse(ADMIN);
            if (address.isPipe()) {
                admin.error("listen", "the admin pages need a port");
            }
            return new AdminConfig(address.host(), address.port(), AccessLogFormat.read(admin, List.of()));
        });
    }

    /** Whether a route names a cluster that is not there. */
    private static boolean namesOthers(GatewayConfig config, Set<String> clusters) {
        return config.listeners().stream()
                .flatMap(listener -> listener.chains().stream())
                .flatMap(chain -> chain.http().routes().virtualHosts().stream())
                .flatMap(host -> host.routes().stream())
                .filter(route -> route.action() instanceof RouteConfig.Forward)
                .map(route -> (RouteConfig.Forward) route.action())
                .anyMatch(forward -> !clusters.containsAll(forward.clusterNames()));
    }

    /** The same configuration as a text of this format. */
    public static String write(GatewayConfig config, FilterFormats filters) {
        Map<String, ClusterConfig> clusters = new LinkedHashMap<>();
        config.clusters().forEach(cluster -> clusters.put(cluster.name(), cluster));
        ListenerFormat format =
                new ListenerFormat(new HttpFormat(new RouteFormat(clusters, true, Set.of(), filters), filters));
        Tree root = new Tree()
                .put("error-format", config.errorFormat(), ErrorFormat.BROWSER)
                .put("allow-unknown-clusters", namesOthers(config, clusters.keySet()), false);
        config.admin().ifPresent(admin -> {
            Tree tree = new Tree().put("listen", new Endpoint(admin.host(), admin.port()));
            AccessLogFormat.write(tree, admin.accessLogs(), List.of());
            root.put("admin", tree);
        });
        root.section(
                        "drain",
                        new Tree()
                                .put("delay", config.drain().shutdownDelay(), DrainConfig.DEFAULT.shutdownDelay())
                                .put("limit", config.drain().shutdownLimit(), DrainConfig.DEFAULT.shutdownLimit())
                                .put("admin-time", config.drain().drainTime(), DrainConfig.DEFAULT.drainTime())
                                .put("gradual", config.drain().gradual(), DrainConfig.DEFAULT.gradual()))
                .section(
                        "node",
                        new Tree()
                                .put("id", config.node().id(), "")
                                .put("cluster", config.node().cluster(), "")
                                .put("region", config.node().locality().region(), "")
                                .put("zone", config.node().locality().zone(), "")
                                .put("sub-zone", config.node().locality().subZone(), ""));
        Tree listeners = new Tree();
        config.listeners().forEach(listener -> listeners.put(listener.name(), format.write(listener)));
        Tree written = new Tree();
        clusters.forEach((name, cluster) -> written.put(name, ClusterFormat.write(cluster)));
        return HoconText.of(root.put("listeners", listeners).section("clusters", written));
    }
}
