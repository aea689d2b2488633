package io.grpcweb.gateway.cli;

import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.config.envoy.EnvoyBootstrap;
import io.grpcweb.gateway.config.hocon.GatewayConf;
import io.grpcweb.gateway.config.hocon.GrpcWebProxyFlags;
import io.grpcweb.gateway.runtime.FilterKinds;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Prints an Envoy bootstrap in the gateway's own format. */
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        description = "Prints the same configuration in the gateway's own format.",
        footer = {
            "",
            "Examples:",
            "  gateway import -c /etc/envoy/envoy.yaml > gateway.conf",
            "  gateway import --from-grpcwebproxy \"--backend_addr=localhost:9090 --run_tls_server=false\""
        })
final class ImportCommand implements Subcommand {
    @Option(
            names = {"-c", "--config-path"},
            paramLabel = "FILE",
            description = "An Envoy bootstrap.")
    private Path file;

    @Option(
            names = "--from-grpcwebproxy",
            paramLabel = "FLAGS",
            description = "The flags of a grpcwebproxy, as one text.")
    private String flags;

    @Option(names = "--allow-unknown-static-fields", description = "Unknown fields are a warning.")
    private boolean allowUnknown;

    @Override
    public String source() {
        return file == null ? "" : file.toString();
    }

    @Override
    public int run(PrintStream out) throws ConfigException {
        if ((file == null) == (flags == null)) {
            throw new IllegalArgumentException("one of --config-path and --from-grpcwebproxy is required");
        }
        if (flags != null) {
            out.print(GrpcWebProxyFlags.convert(flags));
            return 0;
        }
        GatewayConfig config = EnvoyBootstrap.read(
                Optional.of(file),
                Optional.empty(),
                new EnvoyBootstrap.Options(allowUnknown, false, FilterKinds.ALL.list()));
        out.println("# Imported from " + file + ". config/gateway.conf explains every key.");
        for (String warning : config.warnings()) {
            out.println("#   " + warning.replace('\n', ' '));
        }
        for (String left : GatewayConf.leftOut(config)) {
            out.println("#   " + left);
        }
        out.print(GatewayConf.write(config, FilterKinds.ALL.ownFormats()));
        return 0;
    }
}
