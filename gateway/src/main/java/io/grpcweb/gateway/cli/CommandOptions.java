package io.grpcweb.gateway.cli;

import io.grpcweb.gateway.admin.ServerInfo;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.config.envoy.EnvoyBootstrap;
import io.grpcweb.gateway.devtls.DevTls;
import io.grpcweb.gateway.logging.LogLayout;
import io.grpcweb.gateway.logging.LogSettings;
import io.grpcweb.gateway.process.Predecessor;
import io.grpcweb.gateway.runtime.FilterKinds;
import io.grpcweb.gateway.runtime.Version;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What the command line says. The names are Envoy's where Envoy has such an option. */
@Command(
        name = "gateway",
        sortOptions = false,
        synopsisHeading = "USAGE: ",
        customSynopsis = "gateway [OPTIONS]",
        usageHelpAutoWidth = true,
        description = "Lets browsers call gRPC backends: a gRPC-Web gateway.",
        footer = {
            "",
            "Examples:",
            "  gateway --backend localhost:50051 --allow-origin https://app.example",
            "  gateway -c gateway.conf                 the gateway's own format",
            "  gateway -c /etc/envoy/envoy.yaml        an Envoy bootstrap",
        })
final class CommandOptions {

    @ArgGroup(validate = false, heading = "%nWithout a file:%n")
    final Quick quick = new Quick();

    @ArgGroup(validate = false, heading = "%nConfiguration:%n")
    final Source files = new Source();

    @ArgGroup(validate = false, heading = "%nRunning:%n")
    final Running running = new Running();

    @ArgGroup(validate = false, heading = "%nTaking over from a gateway that runs, without losing a connection:%n")
    final Succeeding succeeding = new Succeeding();

    @ArgGroup(validate = false, heading = "%nLog:%n")
    final Logging logging = new Logging();

    @ArgGroup(validate = false, heading = "%nAccepted for the sake of scripts, without meaning here:%n")
    final Meaningless meaningless = new Meaningless();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "This text.")
    boolean help;

    @Option(names = "--version", versionHelp = true, description = "The version.")
    boolean version;

    @Option(names = "--hot-restart-version", description = "Prints \"disabled\": no process of Envoy can take over.")
    boolean hotRestartVersion;

    /** The words that were accepted and change nothing. */
    final List<String> ignored = new ArrayList<>();

    /** A gateway in front of one cluster. */
    static final class Quick {
        @Option(
                names = "--backend",
                split = ",",
                paramLabel = "HOST:PORT",
                description = "A gRPC backend; several share the calls.")
        List<String> backends = new ArrayList<>();

        @Option(names = "--listen", paramLabel = "HOST:PORT", description = "Where to listen (127.0.0.1:8080).")
        String listen = "127.0.0.1:8080";

        @Option(
                names = "--allow-origin",
                split = ",",
                paramLabel = "ORIGIN",
                description = "A page that may call, such as https://app.example; * allows every page.")
        List<String> origins = new ArrayList<>();

        @Option(names = "--admin", paramLabel = "HOST:PORT", description = "Admin pages and metrics (none).")
        String admin;
    }

    /** Where the configuration comes from. */
    static final class Source {
        @Option(
                names = {"-c", "--config-path"},
                paramLabel = "FILE",
                description = "*.conf is the gateway's own format; *.yaml, *.yml, *.json and *.pb_text are an Envoy"
                        + " bootstrap.")
        Path path;

        @Option(names = "--no-watch", description = "Do not read the file again when it changes.")
        boolean noWatch;

        @Option(
                names = "--watch-config",
                description = "Read the file again when it changes, also as bin/envoy, which does not by default.")
        boolean watch;

        @Option(names = "--config-yaml", paramLabel = "YAML", description = "Envoy YAML that is merged over the file.")
        String yaml;

        @Option(
                names = "--mode",
                paramLabel = "serve|validate",
                description = "validate: check the configuration and end.")
        String mode = "serve";

        @Option(names = "--allow-unknown-static-fields", description = "Unknown Envoy fields are a warning.")
        boolean allowUnknown;

        @Option(names = "--allow-unknown-fields", hidden = true)
        void allowUnknownToo(boolean given) {
            allowUnknown |= given;
        }

        @Option(
                names = "--reject-unknown-dynamic-fields",
                description = "Resources of a control plane with unknown fields are refused.")
        boolean rejectUnknownDynamic;

        @Option(
                names = "--strict-upstream-tls",
                description = "Refuse an Envoy file whose upstream TLS names no CA and so checks nothing.")
        boolean strictUpstreamTls;
    }

    /** How it runs. */
    static final class Running {
        @Option(
                names = "--dev-tls",
                description =
                        "TLS with a certificate for this machine that is made once and kept, so that pages on localhost"
                                + " have HTTP/2; not for production.")
        boolean devTls;

        @Option(
                names = "--dev-tls-folder",
                paramLabel = "FOLDER",
                description = "Where that certificate is kept ($XDG_CACHE_HOME/grpc-web-gateway).")
        Path devTlsFolder;

        @Option(names = "--concurrency", paramLabel = "N", description = "Event loops (one a processor).")
        Integer concurrency;

        @Option(names = "--drain-time-s", paramLabel = "S", description = "How long a drain takes (600).")
        Integer drainSeconds;

        @Option(names = "--drain-strategy", paramLabel = "gradual|immediate", description = "How it begins (gradual).")
        String drainStrategy;

        @Option(names = "--service-cluster", paramLabel = "NAME", description = "The cluster of this node.")
        String serviceCluster;

        @Option(names = "--service-node", paramLabel = "NAME", description = "The name of this node.")
        String serviceNode;

        @Option(names = "--service-zone", paramLabel = "NAME", description = "The zone of this node.")
        String serviceZone;

        @Option(
                names = "--admin-address-path",
                paramLabel = "FILE",
                description = "Write the address of the admin pages to a file.")
        Path adminAddressPath;
    }

    /** Which process it takes over from, and which may take over from it. */
    static final class Succeeding {
        /** Envoy's default. */
        private static final int PARENT_SECONDS = 900;

        @Option(
                names = "--hand-over",
                paramLabel = "SOCKET",
                description = "Take over from the gateway that has this socket, if one has it, and open it for the next"
                        + " one. A path, or @NAME for a name without a file.")
        String socket;

        @Option(
                names = "--parent-shutdown-time-s",
                paramLabel = "S",
                description = "How long the connections of the gateway before may stay open (900).")
        Integer parentShutdownSeconds;

        @Option(
                names = "--restart-epoch",
                paramLabel = "N",
                description = "As Envoy's hot restart: 0 opens a socket for the next process, more take over first.")
        Integer restartEpoch;

        @Option(names = "--base-id", paramLabel = "N", description = "Tells several gateways with epochs apart (0).")
        String baseId;

        @Option(
                names = "--socket-path",
                paramLabel = "NAME",
                description = "How the sockets of epochs are called (@envoy_domain_socket).")
        String socketPath = "@envoy_domain_socket";

        @Option(names = "--disable-hot-restart", description = "Epochs mean nothing.")
        boolean disabled;

        @Option(
                names = "--skip-hot-restart-on-no-parent",
                description = "An epoch above 0 starts also where there is nobody to take over from.")
        boolean orphan;

        /** The socket of the next process; empty where none is to take over. */
        Optional<String> socket() {
            if (socket != null && restartEpoch != null) {
                throw new IllegalArgumentException("--hand-over and --restart-epoch are two ways to say the same");
            }
            if (restartEpoch == null || disabled) {
                return Optional.ofNullable(socket);
            }
            return Optional.of(socketPath + "_" + (baseId == null ? "0" : baseId) + "_gateway");
        }

        /**
         * The process before.
         *
         * @throws IOException where there is none and there must be one, or the other way round
         */
        Optional<Predecessor> predecessor(String name) throws IOException {
            if (restartEpoch != null && restartEpoch == 0) {
                if (Predecessor.answers(name)) {
                    throw new IOException("a process with epoch 0 has the socket " + name + " (see --base-id)");
                }
                return Optional.empty();
            }
            Optional<Predecessor> found = Predecessor.find(name);
            if (restartEpoch != null && found.isEmpty() && !orphan) {
                throw new IOException("no process has the socket " + name + " (see --base-id), but --restart-epoch is "
                        + restartEpoch);
            }
            return found;
        }

        Duration parentLimit() {
            return Duration.ofSeconds(parentShutdownSeconds == null ? PARENT_SECONDS : parentShutdownSeconds);
        }
    }

    /** The gateway's own log. */
    static final class Logging {
        @Option(
                names = {"-l", "--log-level"},
                paramLabel = "LEVEL",
                description = "trace, debug, info, warning, error, critical or off (info).")
        String level;

        @Option(
                names = "--component-log-level",
                paramLabel = "NAME:LEVEL,...",
                description = "Levels of parts: http, router, upstream, config, admin ...")
        String components;

        @Option(names = "--log-path", paramLabel = "FILE", description = "Write the log to a file.")
        Path path;

        @Option(
                names = "--log-format",
                paramLabel = "PATTERN",
                description = "How a line looks, in the signs of spdlog: \"[%%Y-%%m-%%d %%T.%%e][%%t][%%l][%%n] %%v\".")
        String format = LogLayout.DEFAULT;

        @Option(
                names = "--log-format-escaped",
                description = "Line breaks and other control characters of messages are written as \\n and the like.")
        boolean escaped;

        LogSettings settings() {
            return new LogSettings(
                    Optional.ofNullable(level),
                    components == null ? "" : components,
                    Optional.ofNullable(path),
                    format,
                    escaped);
        }
    }

    /** Options of Envoy that change nothing here. */
    @SuppressWarnings("UnusedVariable")
    static final class Meaningless {
        @Option(
                names = {
                    "--base-id-path",
                    "--local-address-ip-version",
                    "--disable-extensions",
                    "--bootstrap-version",
                    "--file-flush-interval-msec",
                    "--file-flush-min-size-kb",
                    "--stats-tag",
                    "--socket-mode"
                },
                paramLabel = "VALUE",
                description = "")
        List<String> values = new ArrayList<>();

        @Option(
                names = {
                    "--use-dynamic-base-id",
                    "--cpuset-threads",
                    "--enable-fine-grain-logging",
                    "--enable-mutex-tracing",
                    "--enable-core-dump",
                    "--ignore-unknown-dynamic-fields",
                    "--skip-deprecated-logs",
                    "--skip-hot-restart-parent-stats"
                },
                description = "")
        boolean[] flags = {};
    }

    boolean isValidation() {
        return switch (files.mode.toLowerCase(Locale.ROOT)) {
            case "serve" -> false;
            case "validate", "init_only" -> true;
            default -> throw new IllegalArgumentException("unknown mode '" + files.mode + "'");
        };
    }

    /** What {@code --dev-tls} asks for; empty without it. */
    Optional<DevTls> devTls() {
        if (!running.devTls) {
            return Optional.empty();
        }
        try {
            return Optional.of(DevTls.in(
                    running.devTlsFolder == null
                            ? DevTls.usualFolder(System.getenv(), System.getProperty("user.home"))
                            : running.devTlsFolder));
        } catch (IOException e) {
            throw new IllegalArgumentException("--dev-tls: " + e.getMessage(), e);
        }
    }

    /** The name of the configuration in messages; empty where it came from the command line, as Envoy has it. */
    String source() {
        return files.path == null ? "" : files.path.toString();
    }

    /** What {@code /server_info} says of this start. */
    ServerInfo serverInfo(GatewayConfig.Node node) {
        String level = logging.level == null ? "info" : logging.level.toLowerCase(Locale.ROOT);
        ServerInfo info = new ServerInfo(
                Version::text,
                Instant.now(),
                eventLoops(),
                source(),
                files.yaml == null ? "" : files.yaml,
                level.equals("warn") ? "warning" : level,
                logging.components == null ? "" : logging.components,
                logging.path == null ? "" : logging.path.toString(),
                logging.format,
                node.cluster(),
                node.id());
        return files.yaml == null
                ? info
                : EnvoyBootstrap.withoutSecrets(files.yaml, FilterKinds.ALL.list())
                        .map(info::withConfigYaml)
                        .orElse(info);
    }

    /** Writes the address of the admin pages where the command line wants it; null where there are none. */
    void noteAdminAddress(InetSocketAddress address) throws IOException {
        if (running.adminAddressPath != null && address != null) {
            Files.writeString(
                    running.adminAddressPath, address.getAddress().getHostAddress() + ":" + address.getPort());
        }
    }

    /** Whether the configuration follows its file; Envoy does not follow its bootstrap, so its command does on request only. */
    boolean watches(String command) {
        return files.watch || (!files.noWatch && !command.equals("envoy"));
    }

    int eventLoops() {
        return running.concurrency == null
                ? Runtime.getRuntime().availableProcessors()
                : Math.max(1, running.concurrency);
    }
}
