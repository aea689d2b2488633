package io.grpcweb.gateway.cli;

import io.grpcweb.gateway.config.ConfigDiff;
import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.FilesRead;
import io.grpcweb.gateway.config.GatewayConfig;
import java.io.PrintStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Prints what a reload would change, without doing it. */
@Command(
        name = "diff",
        mixinStandardHelpOptions = true,
        description = "Prints what a reload would add (+), change (~) and remove (-), without doing it.",
        footer = {
            "",
            "Examples:",
            "  gateway diff -c new.conf --admin 127.0.0.1:9901",
            "  gateway diff -c new.yaml --against envoy.yaml"
        })
final class DiffCommand implements Subcommand {
    @Option(
            names = {"-c", "--config-path"},
            required = true,
            paramLabel = "FILE",
            description = "The new configuration.")
    private Path file;

    @Option(names = "--against", paramLabel = "FILE", description = "Another configuration that it is held against.")
    private Path against;

    @Option(
            names = "--admin",
            paramLabel = "HOST:PORT",
            description = "The admin listener of the running gateway, on this machine, that it is held against.")
    private String admin;

    @Override
    public String source() {
        return file.toString();
    }

    @Override
    public int run(PrintStream out) throws ConfigException {
        if ((against == null) == (admin == null)) {
            throw new IllegalArgumentException("one of --against and --admin is required");
        }
        return against != null ? againstFile(out) : againstRunning(out);
    }

    private int againstFile(PrintStream out) throws ConfigException {
        List<ConfigDiff.Change> changes = ConfigDiff.of(read(against), read(file));
        changes.forEach(out::println);
        if (changes.isEmpty()) {
            out.println("no difference");
        }
        return 0;
    }

    private static GatewayConfig read(Path path) throws ConfigException {
        CommandOptions options = new CommandOptions();
        options.files.path = path;
        return new ConfigurationSource(options).read(new FilesRead());
    }

    /** The gateway reads the file itself, with the options that it was started with. */
    private int againstRunning(PrintStream out) {
        String path = URLEncoder.encode(file.toAbsolutePath().toString(), StandardCharsets.UTF_8);
        return new AdminClient(admin).post("/reload?diff=" + path, out);
    }
}
