package io.grpcweb.gateway.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.grpcweb.gateway.check.Checkup;
import io.grpcweb.gateway.check.Finding;
import io.grpcweb.gateway.check.Surroundings;
import io.grpcweb.gateway.check.Words;
import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.FilesRead;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.runtime.FilterKinds;
import io.grpcweb.gateway.runtime.PageCalls;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Tries what a configuration needs from outside, and says what to change. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = {
            "Tries what a configuration needs: names, connections, TLS, protocol, health and services of each backend,"
                    + " the ports of the listeners, and whether pages may call. It changes nothing.",
            "Exit code: 0 calls should work, 1 something breaks them, 2 the command line is wrong."
        },
        footer = {
            "",
            "Examples:",
            "  gateway check -c gateway.conf",
            "  gateway check -c envoy.yaml --origin https://app.example --running --json"
        })
final class CheckCommand implements Subcommand {
    @Option(
            names = {"-c", "--config-path"},
            required = true,
            paramLabel = "FILE",
            description = "The configuration.")
    private Path file;

    @Option(
            names = "--origin",
            split = ",",
            paramLabel = "ORIGIN",
            description = "A page that is to call, beside those that the configuration names.")
    private List<String> origins = new ArrayList<>();

    @Option(names = "--running", description = "The gateway runs already: its ports may be taken.")
    private boolean running;

    @Option(names = "--json", description = "For machines: an object with the findings.")
    private boolean json;

    @Override
    public String source() {
        return file.toString();
    }

    @Override
    public int usageError() {
        return 2;
    }

    @Override
    public int run(PrintStream out) {
        List<Finding> findings = findings();
        if (json) {
            write(findings, out);
        } else {
            findings.forEach(out::println);
            out.println(
                    findings.isEmpty()
                            ? "configuration '" + source() + "': nothing found, calls should work"
                            : "configuration '" + source() + "': "
                                    + findings.stream().filter(Finding::breaks).count()
                                    + " broken, "
                                    + findings.stream()
                                            .filter(one -> !one.breaks())
                                            .count()
                                    + " warnings");
        }
        return findings.stream().anyMatch(Finding::breaks) ? 1 : 0;
    }

    private List<Finding> findings() {
        Words words = source().endsWith(".conf") ? Words.OWN : Words.ENVOY;
        try {
            CommandOptions options = new CommandOptions();
            options.files.path = file;
            GatewayConfig config = new ConfigurationSource(options).read(new FilesRead());
            List<Finding> findings = new ArrayList<>();
            config.warnings().forEach(warning -> findings.add(new Finding(false, "", "", warning, "")));
            findings.addAll(new Checkup(
                            Surroundings.here(words, !running, origins),
                            PageCalls.of(FilterKinds.ALL, config.node(), config.errorFormat()))
                    .of(config));
            return findings;
        } catch (ConfigException e) {
            return e.problems().stream()
                    .map(problem -> new Finding(true, "", "", problem.toString(), ""))
                    .toList();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void write(List<Finding> findings, PrintStream out) {
        try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
            json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
            json.useDefaultPrettyPrinter();
            json.writeStartObject();
            json.writeBooleanField("broken", findings.stream().anyMatch(Finding::breaks));
            json.writeArrayFieldStart("findings");
            for (Finding one : findings) {
                json.writeStartObject();
                json.writeBooleanField("breaks", one.breaks());
                json.writeStringField("what", one.what());
                json.writeStringField("where", one.where());
                json.writeStringField("cause", one.cause());
                json.writeStringField("change", one.change());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
            json.writeRaw('\n');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
