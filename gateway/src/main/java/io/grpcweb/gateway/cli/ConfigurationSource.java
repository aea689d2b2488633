package io.grpcweb.gateway.cli;

import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.ConfigProblem;
import io.grpcweb.gateway.config.Endpoint;
import io.grpcweb.gateway.config.FilesRead;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.config.envoy.EnvoyBootstrap;
import io.grpcweb.gateway.config.hocon.GatewayConf;
import io.grpcweb.gateway.config.hocon.QuickStart;
import io.grpcweb.gateway.devtls.DevTls;
import io.grpcweb.gateway.format.RouteFormats;
import io.grpcweb.gateway.format.Substitutions;
import io.grpcweb.gateway.runtime.FilterKinds;
import io.grpcweb.gateway.source.FileSource;
import io.grpcweb.gateway.telemetry.AccessLogs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Finds the configuration that the command line asks for, and puts the command line's own settings over it. */
final class ConfigurationSource implements FileSource.Reader {
    private final CommandOptions options;

    private final Optional<DevTls> devTls;

    ConfigurationSource(CommandOptions options) {
        this.options = options;
        this.devTls = options.devTls();
    }

    /** What is to be said of the certificate that {@code --dev-tls} has made; a line each. */
    List<String> devTlsWords() {
        return devTls.map(DevTls::words).orElse(List.of());
    }

    GatewayConfig read() throws ConfigException {
        return read(new FilesRead());
    }

    @Override
    public GatewayConfig read(FilesRead files) throws ConfigException {
        return read(options.files.path, files);
    }

    @Override
    public GatewayConfig read(Path other) throws ConfigException {
        return read(other, new FilesRead());
    }

    private GatewayConfig read(Path path, FilesRead files) throws ConfigException {
        GatewayConfig config = fromFileOrOptions(path, files);
        if (devTls.isPresent()) {
            config = devTls.get().on(config, options.source());
        }
        List<ConfigProblem> formats = new ArrayList<>(AccessLogs.problems(config, options.source()));
        formats.addAll(RouteFormats.problems(config, options.source()));
        if (!formats.isEmpty()) {
            throw new ConfigException(formats);
        }
        GatewayConfig.Node node = node(config.node());
        if (config.dynamic().isPresent()) {
            requireName(node);
        }
        return new GatewayConfig(
                config.listeners(),
                config.clusters(),
                config.admin(),
                config.errorFormat(),
                drain(config.drain()),
                node,
                config.document(),
                config.warnings(),
                config.dynamic(),
                config.overload());
    }

    /** A control plane must know who asks. */
    private void requireName(GatewayConfig.Node node) throws ConfigException {
        if (node.id().isEmpty() || node.cluster().isEmpty()) {
            throw new ConfigException(List.of(new ConfigProblem(
                    options.source(),
                    0,
                    "dynamic_resources",
                    "node 'id' and 'cluster' are required. Set it either in 'node' config or via --service-node and"
                            + " --service-cluster options.")));
        }
    }

    private GatewayConfig fromFileOrOptions(Path path, FilesRead read) throws ConfigException {
        CommandOptions.Source files = options.files;
        if (path == null && files.yaml == null) {
            if (options.quick.backends.isEmpty()) {
                throw new IllegalArgumentException(
                        "At least one of --config-path, --config-yaml and --backend should be given");
            }
            return quickStart();
        }
        if (!options.quick.backends.isEmpty()) {
            throw new IllegalArgumentException("--backend is for a gateway without a configuration file");
        }
        if (path != null && path.toString().endsWith(".conf")) {
            if (files.yaml != null) {
                throw new IllegalArgumentException("--config-yaml goes with an Envoy bootstrap, not with a .conf file");
            }
            return GatewayConf.read(path, FilterKinds.ALL.ownFormats(), read);
        }
        return EnvoyBootstrap.read(
                Optional.ofNullable(path),
                Optional.ofNullable(files.yaml),
                new EnvoyBootstrap.Options(
                        files.allowUnknown,
                        files.strictUpstreamTls,
                        FilterKinds.ALL.list(),
                        Substitutions::problem,
                        files.rejectUnknownDynamic),
                read);
    }

    private GatewayConfig quickStart() throws ConfigException {
        List<ConfigProblem> problems = new ArrayList<>();
        Endpoint listen = endpoint("--listen", options.quick.listen, problems);
        List<Endpoint> backends = new ArrayList<>();
        for (String backend : options.quick.backends) {
            backends.add(endpoint("--backend", backend, problems));
        }
        Optional<Endpoint> admin =
                Optional.ofNullable(options.quick.admin).map(text -> endpoint("--admin", text, problems));
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return QuickStart.of(listen, backends, options.quick.origins, admin, FilterKinds.ALL.ownFormats());
    }

    private static Endpoint endpoint(String option, String text, List<ConfigProblem> problems) {
        return Endpoint.parse(text).orElseGet(() -> {
            problems.add(new ConfigProblem(
                    "", 0, option, "'" + text + "' is not an address: write HOST:PORT, such as localhost:50051"));
            return new Endpoint("", 0);
        });
    }

    private GatewayConfig.DrainConfig drain(GatewayConfig.DrainConfig drain) {
        CommandOptions.Running running = options.running;
        return new GatewayConfig.DrainConfig(
                drain.shutdownDelay(),
                drain.shutdownLimit(),
                running.drainSeconds == null ? drain.drainTime() : Duration.ofSeconds(running.drainSeconds),
                running.drainStrategy == null ? drain.gradual() : isGradual(running.drainStrategy));
    }

    private static boolean isGradual(String strategy) {
        return switch (strategy.toLowerCase(Locale.ROOT)) {
            case "gradual" -> true;
            case "immediate" -> false;
            default -> throw new IllegalArgumentException("unknown drain-strategy '" + strategy + "'");
        };
    }

    private GatewayConfig.Node node(GatewayConfig.Node node) {
        CommandOptions.Running running = options.running;
        return new GatewayConfig.Node(
                running.serviceNode == null ? node.id() : running.serviceNode,
                running.serviceCluster == null ? node.cluster() : running.serviceCluster,
                new GatewayConfig.Node.Locality(
                        node.locality().region(),
                        running.serviceZone == null ? node.locality().zone() : running.serviceZone,
                        node.locality().subZone()));
    }
}
