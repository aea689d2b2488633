package io.grpcweb.gateway.cli;

import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.config.envoy.EnvoyBootstrap;
import io.grpcweb.gateway.config.hocon.GatewayConf;
import io.grpcweb.gateway.explain.CallQuestion;
import io.grpcweb.gateway.explain.Explainer;
import io.grpcweb.gateway.explain.Places;
import io.grpcweb.gateway.runtime.CallTrial;
import io.grpcweb.gateway.runtime.FilterKinds;
import java.io.PrintStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Says what a call would meet, and where the configuration says so. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        description =
                "Says which route, filters, CORS answer, timeouts and cluster a call would meet, and what each filter would do to it.",
        footer = {
            "",
            "Examples:",
            "  gateway explain -c envoy.yaml --method /order.OrderService/CreateOrder --origin https://app.example",
            "  gateway explain --admin 127.0.0.1:9901 --method /order.OrderService/CreateOrder"
        })
final class ExplainCommand implements Subcommand {
    @Option(
            names = {"-c", "--config-path"},
            paramLabel = "FILE",
            description = "The configuration.")
    private Path file;

    @Option(
            names = "--admin",
            paramLabel = "HOST:PORT",
            description =
                    "Instead of a file, the admin listener of a running gateway: what is in force there, with the resource and"
                            + " version that decided each line.")
    private String admin;

    @Option(
            names = "--method",
            required = true,
            paramLabel = "/PKG.SERVICE/METHOD",
            description = "The method that is called.")
    private String method;

    @Option(names = "--origin", paramLabel = "ORIGIN", description = "The page that calls.")
    private String origin;

    @Option(names = "--host", paramLabel = "HOST", description = "The host that is asked (the listener's address).")
    private String host;

    @Option(names = "--listener", paramLabel = "NAME", description = "One listener only.")
    private String listener;

    @Option(
            names = "--header",
            paramLabel = "NAME: VALUE",
            description = "A header field of the call; content-type is application/grpc-web+proto.")
    private List<String> headers = new ArrayList<>();

    @Option(names = "--jwt", paramLabel = "TOKEN", description = "A token, sent as authorization: Bearer TOKEN.")
    private String token;

    @Option(
            names = "--peer",
            paramLabel = "ADDRESS",
            defaultValue = CallQuestion.LOCAL,
            description = "Where the call comes from: an IP address (${DEFAULT-VALUE}).")
    private String peer;

    @Override
    public String source() {
        return file == null ? "" : file.toString();
    }

    @Override
    public int run(PrintStream out) throws ConfigException {
        if ((file == null) == (admin == null)) {
            throw new IllegalArgumentException("one of --config-path and --admin is required");
        }
        CallQuestion question = new CallQuestion(
                method,
                Optional.ofNullable(origin),
                Optional.ofNullable(host),
                Optional.ofNullable(listener),
                headers,
                Optional.ofNullable(token),
                peer);
        if (admin != null) {
            return askRunning(question, out);
        }
        GatewayConfig config = file.toString().endsWith(".conf")
                ? GatewayConf.read(file, FilterKinds.ALL.ownFormats())
                : EnvoyBootstrap.read(
                        Optional.of(file),
                        Optional.empty(),
                        new EnvoyBootstrap.Options(false, false, FilterKinds.ALL.list()));
        return new Explainer(
                                config.listeners(),
                                config.clusters(),
                                Places.FILE,
                                CallTrial.of(FilterKinds.ALL, config.node(), config.errorFormat()))
                        .explain(question, out)
                ? 0
                : 1;
    }

    /** The gateway says itself what is in force. */
    private int askRunning(CallQuestion question, PrintStream out) {
        StringBuilder query = new StringBuilder("method=").append(encoded(question.method()));
        question.origin().ifPresent(value -> query.append("&origin=").append(encoded(value)));
        question.host().ifPresent(value -> query.append("&host=").append(encoded(value)));
        question.listener().ifPresent(value -> query.append("&listener=").append(encoded(value)));
        if (!question.headers().isEmpty()) {
            query.append("&headers=").append(encoded(String.join("\n", question.headers())));
        }
        question.token().ifPresent(value -> query.append("&jwt=").append(encoded(value)));
        query.append("&peer=").append(encoded(question.peer()));
        return new AdminClient(admin).get("/explain?" + query, out);
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
