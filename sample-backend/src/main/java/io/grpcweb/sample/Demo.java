package io.grpcweb.sample;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Everything at once: backends, the gateway in front of them, and the page, each on its own port of 127.0.0.1. */
@Command(
        name = "demo",
        description = "Runs sample backends, the gateway in front of them, and the page that calls it.",
        mixinStandardHelpOptions = true,
        version = "0.1.0",
        sortOptions = false)
final class Demo implements Callable<Integer> {
    private static final Duration GATEWAY_START = Duration.ofSeconds(30);

    @Option(
            names = "--listen",
            defaultValue = "127.0.0.1:0",
            description = "Address of the gateway (${DEFAULT-VALUE}); port 0 takes a free one.")
    private String listen;

    @Option(names = "--page-port", defaultValue = "0", description = "Port of the page (${DEFAULT-VALUE}: any).")
    private int pagePort;

    @Option(names = "--page", defaultValue = "web-demo/dist", description = "Folder of the page (${DEFAULT-VALUE}).")
    private Path page;

    @Option(names = "--instances", defaultValue = "3", description = "How many backends (${DEFAULT-VALUE}).")
    private int instances;

    @Option(
            names = "--gateway-command",
            defaultValue = "gateway/target/gateway/bin/gateway",
            description = "What starts the gateway (${DEFAULT-VALUE}); words are split at blanks.")
    private String gatewayCommand;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    public static void main(String[] args) {
        System.exit(new CommandLine(new Demo())
                .setExecutionExceptionHandler((problem, line, parsed) -> {
                    System.err.println("The demo did not start: " + problem.getMessage());
                    return 1;
                })
                .execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        InetSocketAddress gatewayAddress = gatewayAddress();
        // The order of the start is the reverse of the end; a half-started demo ends all the same.
        Running running = new Running();
        Runtime.getRuntime().addShutdownHook(new Thread(running::close, "shutdown"));

        Fleet fleet = running.with(new Fleet(Duration.ofSeconds(2), Duration.ofSeconds(4)));
        for (String name : names(instances)) {
            fleet.add(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), name, Optional.empty());
        }
        fleet.addSampleOrders(5, names(1).get(0));
        String backends = fleet.backends().stream()
                .map(backend -> "127.0.0.1:" + backend.port())
                .collect(Collectors.joining(","));

        TokenIssuer issuer = new TokenIssuer(Duration.ofMinutes(5), Clock.systemUTC());
        PageServer pageServer = running.with(new PageServer(page, pagePort, issuer));
        String pageUrl = "http://127.0.0.1:" + pageServer.port();
        String gateway = gatewayAddress.getHostString() + ":" + gatewayAddress.getPort();
        String admin = "127.0.0.1:" + freePort();
        DemoGateway configuration = running.with(
                new DemoGateway(gateway, pageServer.port(), "\"" + backends.replace(",", "\", \"") + "\"", admin));
        List<String> command = new ArrayList<>(List.of(gatewayCommand.trim().split("\\s+")));
        command.addAll(List.of("-c", configuration.file().toString()));
        GatewayProcess process = running.with(new GatewayProcess(command));
        process.awaitAnswer(gatewayAddress, GATEWAY_START);
        pageServer.start("http://" + gateway);

        System.out.print(welcome(pageUrl, gateway, admin, backends));
        int exitCode = process.ended().join();
        if (!running.isClosed()) {
            System.err.println("The gateway ended with exit code " + exitCode + "; the demo ends with it.");
        }
        return 1;
    }

    /** The request in the curl line is ListOrders with limit 2: flag 00, length 00000002, field 2 = 2 (10 02). */
    private static String welcome(String pageUrl, String gateway, String admin, String backends) {
        return """

                Open      %s/
                Gateway   http://%s
                Console   http://%s/console
                Backends  %s

                Or ask the gateway for two orders from a shell:
                  curl -sN http://%s/order.OrderService/ListOrders -H 'content-type: application/grpc-web-text' \
                -H 'accept: application/grpc-web-text' -d AAAAAAIQAg== | base64 -d | tr -cs '[:print:]' '\\n'

                Ctrl-C ends all of it.

                """.formatted(pageUrl, gateway, admin, backends.replace(",", ", "), gateway);
    }

    private static List<String> names(int count) {
        List<String> names = List.of("amber", "birch", "coral", "dune", "elm", "fern");
        return names.subList(0, count);
    }

    private InetSocketAddress gatewayAddress() throws IOException {
        int colon = listen.lastIndexOf(':');
        if (colon < 1 || !listen.substring(colon + 1).matches("\\d{1,5}")) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--listen is \"" + listen + "\", must be HOST:PORT");
        }
        if (instances < 1 || instances > 6) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--instances is " + instances + ", must be 1 to 6");
        }
        int port = Integer.parseInt(listen.substring(colon + 1));
        return new InetSocketAddress(listen.substring(0, colon), port == 0 ? freePort() : port);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
