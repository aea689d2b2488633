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
import io.grpcweb.gateway.config.DynamicConfig;
import io.grpcweb.gateway.config.Endpoint;
import io.grpcweb.gateway.config.ErrorFormat;
import io.grpcweb.gateway.config.FilesRead;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.config.GatewayConfig.AdminConfig;
import io.grpcweb.gateway.config.GatewayConfig.DrainConfig;
import io.grpcweb.gateway.config.GatewayConfig.Node;
import io.grpcweb.gateway.config.HttpConfig;
import io.grpcweb.gateway.config.ListenerConfig;
import io.grpcweb.gateway.config.ListenerConfig.FilterChain;
import io.grpcweb.gateway.config.OverloadConfig;
import io.grpcweb.gateway.config.ResourceSource;
import io.grpcweb.gateway.config.RouteConfig;
import io.grpcweb.gateway.config.RouteConfig.FilterOverride;
import io.grpcweb.gateway.config.TcpConfig;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The gateway's own format, in HOCON. {@code config/gateway.conf} explains every key. */
public final class GatewayConf {
    private static final AdminConfig ADMIN = new AdminConfig("127.0.0.1", 9901, List.of(), Map.of());

    /** What holds where nothing is written. */
    static final GatewayConfig USUAL = new GatewayConfig(
            List.of(),
            List.of(),
            Optional.empty(),
            ErrorFormat.BROWSER,
            DrainConfig.DEFAULT,
            Node.NONE,
            Optional.empty(),
            List.of(),
            OverloadConfig.DEFAULT);

    /** {@code admin = off}. */
    private static final Brief<AdminConfig> OFF = (owner, key, text) -> {
        owner.flag(key, false);
        return Optional.empty();
    };

    private final FilterFormats filters;

    GatewayConf(FilterFormats filters) {
        this.filters = filters;
    }

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
        Section root = new Section(config.root(), "", findings);
        GatewayConfig read = gateway(root, filters);
        Cautions.of(read).forEach(caution -> findings.warn(caution.place(), caution.text()));
        findings.throwIfAny();
        GatewayConfig warned = read.with(findings.warnings());
        return warned.dynamic().isPresent()
                ? warned.with(warned.dynamic().with(filters.resources(names(warned.clusters()))))
                : warned;
    }

    static GatewayConfig gateway(Section root, FilterFormats filters) {
        return new GatewayConf(filters).fields(root, USUAL);
    }

    GatewayConfig fields(Fields own, GatewayConfig given) {
        ErrorFormat errorFormat = own.choice("error-format", given.errorFormat());
        boolean unknownAllowed = own.flag("allow-unknown-clusters", namesOthers(given));
        Set<String> idempotent =
                own.by(Set.of(), section -> DescriptorSets.idempotent(section, "descriptor-sets"), (tree, none) -> {});
        Optional<AdminConfig> admin = own.section("admin", given.admin(), ADMIN, GatewayConf::admin, OFF);
        DrainConfig drain = own.section("drain", given.drain(), GatewayConf::drain);
        Node node = own.section("node", given.node(), GatewayConf::node);
        List<ClusterConfig> clusters = own.named(
                "clusters", given.clusters(), ClusterConfig::name, ClusterFormat::usual, ClusterFormat::fields);
        Map<String, ClusterConfig> byName = new LinkedHashMap<>();
        clusters.forEach(cluster -> byName.put(cluster.name(), cluster));
        admin.ifPresent(pages -> pages.readyWhen().keySet().stream()
                .filter(name -> !byName.containsKey(name))
                .forEach(
                        name -> own.error("admin", "'ready-when' names '" + name + "', and there is no such cluster")));
        ListenerFormat format = new ListenerFormat(
                new HttpFormat(new RouteFormat(byName, unknownAllowed, idempotent, filters), filters));
        List<ListenerConfig> listeners =
                own.named("listeners", given.listeners(), ListenerConfig::name, format::usual, format::fields);
        DynamicConfig dynamic = PlaneFormat.section(own, given.dynamic(), byName.keySet());
        if (listeners.isEmpty() && dynamic.listeners().isEmpty()) {
            own.error(
                    "listeners",
                    "at least one listener is required: listeners { main { listen = \"127.0.0.1:8080\" } }");
        }
        if (!unknownAllowed && !own.writing()) {
            listeners.stream()
                    .flatMap(listener -> listener.chains().stream())
                    .forEach(chain -> askedClusters(chain, byName.keySet(), own));
        }
        return new GatewayConfig(
                listeners,
                clusters,
                admin,
                errorFormat,
                drain,
                node,
                given.document(),
                given.warnings(),
                dynamic,
                own.section("overload", given.overload(), OverloadFormat::fields));
    }

    private static Set<String> names(List<ClusterConfig> clusters) {
        return clusters.stream().map(ClusterConfig::name).collect(Collectors.toSet());
    }

    /** Reports clusters that filters would call, and that are not there. */
    private static void askedClusters(FilterChain chain, Set<String> clusters, Fields own) {
        if (chain.service() instanceof TcpConfig tcp) {
            tcp.clusters().stream()
                    .map(TcpConfig.Target::cluster)
                    .filter(name -> !clusters.contains(name))
                    .forEach(name ->
                            own.error("listeners", "'tcp' leads to the cluster '" + name + "', which is not there"));
            return;
        }
        HttpConfig http = chain.http();
        Set<String> reported = new HashSet<>();
        Stream.concat(
                        http.filters().stream(),
                        http.routes().virtualHosts().stream()
                                .flatMap(host -> host.routes().stream())
                                .flatMap(route -> route.filters().values().stream())
                                .filter(FilterOverride.Replaced.class::isInstance)
                                .map(override -> ((FilterOverride.Replaced) override).filter()))
                .forEach(filter -> filter.clusters().stream()
                        .filter(name -> !clusters.contains(name))
                        .map(name -> "the filter '" + filter.name() + "' asks the cluster '" + name
                                + "', and there is no such cluster ("
                                + http.places().of(filter) + ")")
                        .filter(reported::add)
                        .forEach(text -> own.error("listeners", text)));
    }

    private static AdminConfig admin(Fields own, AdminConfig given) {
        Endpoint address = own.endpoint("listen", given.address());
        return new AdminConfig(
                address.host(),
                address.port(),
                AccessLogFormat.logs(own, given.accessLogs()),
                PercentFormat.field(own, "ready-when", given.readyWhen()));
    }

    private static DrainConfig drain(Fields own, DrainConfig given) {
        return new DrainConfig(
                own.duration("delay", given.shutdownDelay()),
                own.duration("limit", given.shutdownLimit()),
                own.duration("admin-time", given.drainTime()),
                own.flag("gradual", given.gradual()));
    }

    private static Node node(Fields own, Node given) {
        Node.Locality place = given.locality();
        return new Node(
                own.text("id", given.id()),
                own.text("cluster", given.cluster()),
                new Node.Locality(
                        own.text("region", place.region()),
                        own.text("zone", place.zone()),
                        own.text("sub-zone", place.subZone())));
    }

    /** Whether a route names a cluster that is not there. */
    private static boolean namesOthers(GatewayConfig config) {
        Set<String> clusters = names(config.clusters());
        return config.listeners().stream()
                .flatMap(listener -> listener.httpChains().stream())
                .flatMap(chain -> chain.http().routes().virtualHosts().stream())
                .flatMap(host -> host.routes().stream())
                .filter(route -> route.action() instanceof RouteConfig.Forward)
                .map(route -> (RouteConfig.Forward) route.action())
                .anyMatch(forward -> !clusters.containsAll(forward.clusterNames()));
    }

    /** The same configuration as a text of this format. */
    public static String write(GatewayConfig config, FilterFormats filters) {
        return HoconText.of(new Tree().add(config, USUAL, new GatewayConf(filters)::fields));
    }

    /** What of a configuration has no form here, in words. */
    public static List<String> leftOut(GatewayConfig config) {
        List<String> found = new ArrayList<>();
        DynamicConfig dynamic = config.dynamic();
        boolean other = Stream.concat(dynamic.listeners().stream(), dynamic.clusters().stream())
                .anyMatch(source -> !(source.way() instanceof ResourceSource.Aggregated));
        if (other) {
            found.add("dynamic_resources: only a stream for all kinds of resources (ads) has a form here");
        }
        config.listeners().stream()
                .filter(listener -> !listener.isComplete())
                .forEach(listener -> found.add(
                        "listener " + listener.name() + ": routes and certificates from elsewhere have no form here"));
        config.clusters().stream()
                .filter(cluster -> !cluster.isComplete())
                .forEach(cluster -> found.add(
                        "cluster " + cluster.name() + ": endpoints and certificates from elsewhere have no form here"));
        return found;
    }
}
