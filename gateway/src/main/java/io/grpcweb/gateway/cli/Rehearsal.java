package io.grpcweb.gateway.cli;

import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.Endpoint;
import io.grpcweb.gateway.config.hocon.GatewayConf;
import io.grpcweb.gateway.config.hocon.QuickStart;
import io.grpcweb.gateway.runtime.FilterKinds;
import io.grpcweb.gateway.runtime.Gateway;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Reads the file that the distribution ships, starts a second gateway in front of the one that runs, makes a preflight and a
 * call through both over each HTTP version, and looks at the admin pages, so that the classes of all that are loaded when the
 * class-data archive is made at build time ({@code -Dgateway.rehearsal=true}).
 */
final class Rehearsal {
    private final HttpClient client = HttpClient.newHttpClient();

    private Rehearsal() {}

    static boolean isWanted() {
        return Boolean.getBoolean("gateway.rehearsal");
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
        new Rehearsal().callAll(front);
        front.stop();
        backend.shutDown();
    }

    private void callAll(Gateway front) throws IOException, InterruptedException {
        String calls = "http:/" + front.addresses().get(0) + "/rehearsal.Rehearsal/Play";
        for (HttpClient.Version version : HttpClient.Version.values()) {
            send(request(calls)
                    .version(version)
                    .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                    .header("access-control-request-method", "POST"));
            send(request(calls)
                    .version(version)
                    .header("content-type", "application/grpc-web+proto")
                    .POST(message("\0\0\0\0\0")));
            send(request(calls)
                    .version(version)
                    .header("content-type", "application/grpc-web-text")
                    .POST(message("AAAAAAA=")));
        }
        for (String page :
                List.of("ready", "metrics", "stats", "stats/prometheus", "clusters", "server_info", "config_dump")) {
            send(request("http:/" + front.adminAddress() + "/" + page)
                    .version(HttpClient.Version.HTTP_1_1)
                    .GET());
        }
    }

    private static HttpRequest.Builder request(String uri) {
        return HttpRequest.newBuilder(URI.create(uri))
                .timeout(Duration.ofSeconds(10))
                .header("origin", "https://rehearsal.example");
    }

    private static HttpRequest.BodyPublisher message(String text) {
        return HttpRequest.BodyPublishers.ofString(text);
    }

    private void send(HttpRequest.Builder request) throws IOException, InterruptedException {
        client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
