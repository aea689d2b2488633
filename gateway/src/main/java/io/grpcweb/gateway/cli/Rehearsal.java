package io.grpcweb.gateway.cli;

import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.Endpoint;
import io.grpcweb.gateway.config.hocon.GatewayConf;
import io.grpcweb.gateway.config.hocon.QuickStart;
import io.grpcweb.gateway.runtime.FilterKinds;
import io.grpcweb.gateway.runtime.Gateway;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Reads the file that the distribution ships, starts a second gateway in front of the one that runs, and has both serve
 * {@link RehearsalCalls}, so that the classes of all that are loaded when the archive of classes is made
 * ({@code -Dgateway.rehearsal=ROUNDS}). One round loads the classes; an archive that keeps profiles takes more, so that
 * what a call runs has been compiled with a profile.
 */
final class Rehearsal {
    private Rehearsal() {}

    static boolean isWanted() {
        return Integer.getInteger("gateway.rehearsal", 0) > 0;
    }

    static void play(Gateway backend) throws ConfigException, IOException, InterruptedException {
        GatewayConf.read(
                Path.of(System.getProperty("gateway.home"), "config", "gateway.conf"), FilterKinds.ALL.ownFormats());
        Endpoint anyPort = new Endpoint("127.0.0.1", 0);
        InetSocketAddress served = (InetSocketAddress) backend.addresses().get(0);
        Gateway front = Gateway.start(
                QuickStart.of(
                        anyPort,
                        List.of(new Endpoint("127.0.0.1", served.getPort())),
                        List.of("*"),
                        Optional.of(anyPort),
                        FilterKinds.ALL.ownFormats()),
                1);
        call("http:/" + front.addresses().get(0), "http:/" + front.adminAddress());
        front.stop();
        backend.shutDown();
    }

    /** In a process of its own: no client belongs into the archive. */
    private static void call(String calls, String admin) throws IOException, InterruptedException {
        int status = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        RehearsalCalls.class.getName(),
                        calls,
                        admin,
                        System.getProperty("gateway.rehearsal"))
                .inheritIO()
                .start()
                .waitFor();
        if (status != 0) {
            throw new IOException("a call of the rehearsal failed");
        }
    }
}
