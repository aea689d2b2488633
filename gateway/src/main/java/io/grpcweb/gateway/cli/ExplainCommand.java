package io.grpcweb.gateway.cli;

import io.grpcweb.gateway.config.Addresses;
import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.GatewayConfig;
import io.grpcweb.gateway.config.ListenerConfig;
import io.grpcweb.gateway.config.envoy.EnvoyBootstrap;
import io.grpcweb.gateway.config.hocon.GatewayConf;
import io.grpcweb.gateway.route.RouteTable;
import io.grpcweb.gateway.runtime.CallTrial;
import io.grpcweb.gateway.runtime.FilterKinds;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
            "Example:",
            "  gateway explain -c envoy.yaml --method /order.OrderService/CreateOrder --origin https://app.example"
        })
final class ExplainCommand implements Subcommand {
    /** Nobody decides by it. */
    private static final int PEER_PORT = 50_000;

    @Option(
            names = {"-c", "--config-path"},
            required = true,
            paramLabel = "FILE",
            description = "The configuration.")
    private Path file;

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
            defaultValue = "127.0.0.1",
            description = "Where the call comes from: an IP address (${DEFAULT-VALUE}).")
    private String peer;

    @Override
    public String source() {
        return String.valueOf(file);
    }

    @Override
    public int run(PrintStream out) throws ConfigException {
        GatewayConfig config = file.toString().endsWith(".conf")
                ? GatewayConf.read(file, FilterKinds.ALL.ownFormats())
                : EnvoyBootstrap.read(
                        Optional.of(file),
                        Optional.empty(),
                        new EnvoyBootstrap.Options(false, false, FilterKinds.ALL.list()));
        int shown = 0;
        for (ListenerConfig one : config.listeners()) {
            if (listener == null || listener.equals(one.name())) {
                explain(one, config, out);
                shown++;
            }
        }
        if (shown == 0) {
            out.println("There is no listener '" + listener + "'.");
        }
        return shown == 0 ? 1 : 0;
    }

    private void explain(ListenerConfig one, GatewayConfig config, PrintStream out) {
        String authority = host == null ? one.address().toString() : host;
        for (ListenerConfig.FilterChain chain : one.chains()) {
            out.println("listener " + one.name() + " at " + one.address()
                    + (chain.tls().isPresent() ? ", TLS" : "")
                    + (chain.serverNames().isEmpty() ? "" : " for " + String.join(", ", chain.serverNames())));
            RouteTable.Result result = new RouteTable(chain.http().routes()).match(head(authority), () -> 0.0);
            new Explanation(config, chain.http(), Optional.ofNullable(origin), out)
                    .print(
                            authority,
                            result,
                            result.route() == null ? List.of() : trial(one, chain, config, authority));
        }
    }

    private List<CallTrial.Row> trial(
            ListenerConfig one, ListenerConfig.FilterChain chain, GatewayConfig config, String authority) {
        if (!Addresses.isIp(peer)) {
            throw new IllegalArgumentException("--peer '" + peer + "' is not an IP address");
        }
        boolean ip = Addresses.isIp(one.address().host());
        return new CallTrial(FilterKinds.ALL, config, chain.http())
                .run(
                        head(authority),
                        one.name(),
                        new InetSocketAddress(
                                ip ? one.address().host() : "127.0.0.1",
                                Math.max(0, one.address().port())),
                        new InetSocketAddress(peer, PEER_PORT));
    }

    private Http2Headers head(String authority) {
        Http2Headers head = new DefaultHttp2Headers();
        head.method("POST").scheme("http").authority(authority).path(method.startsWith("/") ? method : "/" + method);
        head.set("content-type", "application/grpc-web+proto");
        head.set("x-grpc-web", "1");
        if (origin != null) {
            head.set("origin", origin);
        }
        if (token != null) {
            head.set("authorization", "Bearer " + token);
        }
        for (String header : headers) {
            int colon = header.indexOf(':', 1);
            if (colon < 0) {
                throw new IllegalArgumentException("--header '" + header + "' is not NAME: VALUE");
            }
            head.set(
                    header.substring(0, colon).strip().toLowerCase(Locale.ROOT),
                    header.substring(colon + 1).strip());
        }
        return head;
    }
}
