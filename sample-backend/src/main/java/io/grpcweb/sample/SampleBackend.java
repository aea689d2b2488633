package io.grpcweb.sample;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line of the sample backend: one instance, or several that share their orders. */
@Command(
        name = "sample-backend",
        description = "A gRPC server of order.OrderService, to have something behind the gateway.",
        mixinStandardHelpOptions = true,
        version = "0.1.0",
        sortOptions = false)
final class SampleBackend implements Callable<Integer> {
    @Option(names = "--host", defaultValue = "127.0.0.1", description = "Address to listen on (${DEFAULT-VALUE}).")
    private String host;

    @Option(
            names = "--port",
            defaultValue = "9090",
            description = "Port of the first instance (${DEFAULT-VALUE}); the others take the ports after it. 0: any.")
    private int port;

    @Option(
            names = "--name",
            defaultValue = "backend",
            description = "Name of the instance, sent as x-instance (${DEFAULT-VALUE}); several are numbered.")
    private String name;

    @Option(names = "--instances", defaultValue = "1", description = "How many instances (${DEFAULT-VALUE}).")
    private int instances;

    @Option(names = "--token", description = "Bearer token that each call to the orders must bring.")
    private String token;

    @Option(names = "--sample-orders", defaultValue = "0", description = "Orders to start with (${DEFAULT-VALUE}).")
    private int sampleOrders;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    public static void main(String[] args) {
        System.exit(new CommandLine(new SampleBackend()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        check(port >= 0 && port <= 65_535, "--port is " + port + ", must be 0 to 65535");
        check(instances >= 1 && instances <= 100, "--instances is " + instances + ", must be 1 to 100");
        check(
                sampleOrders >= 0 && sampleOrders <= OrderDesk.MAX_ORDERS,
                "--sample-orders is " + sampleOrders + ", must be 0 to " + OrderDesk.MAX_ORDERS);
        Fleet fleet = new Fleet(Duration.ofSeconds(1), Duration.ofSeconds(3));
        Runtime.getRuntime().addShutdownHook(new Thread(fleet::close, "shutdown"));
        for (int i = 0; i < instances; i++) {
            String instance = instances == 1 ? name : name + "-" + (i + 1);
            var address = new InetSocketAddress(host, port == 0 ? 0 : port + i);
            Backend backend = fleet.add(address, instance, Optional.ofNullable(token));
            System.out.println(instance + " listens on " + host + ":" + backend.port());
        }
        fleet.addSampleOrders(sampleOrders, name);
        for (Backend backend : fleet.backends()) {
            backend.awaitTermination();
        }
        return 0;
    }

    private void check(boolean holds, String message) {
        if (!holds) {
            throw new CommandLine.ParameterException(spec.commandLine(), message);
        }
    }
}
