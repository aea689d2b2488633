package io.grpcweb.gateway;

import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.GatewayConf;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the file that the distribution ships and makes one call over each HTTP version, so that the classes of the own
 * format and of the data path are loaded when the class-data archive is made at build time
 * ({@code -Dgateway.rehearsal=true}). The backend need not be there: an error takes the same rooms.
 */
final class Rehearsal {
    private static final Logger LOG = LoggerFactory.getLogger(Rehearsal.class);

    private Rehearsal() {}

    static boolean isWanted() {
        return Boolean.getBoolean("gateway.rehearsal");
    }

    static void play(Gateway gateway) throws ConfigException {
        GatewayConf.read(Path.of(System.getProperty("gateway.home"), "config", "gateway.conf"));
        InetSocketAddress address = (InetSocketAddress) gateway.addresses().get(0);
        HttpClient client = HttpClient.newHttpClient();
        for (HttpClient.Version version : HttpClient.Version.values()) {
            HttpRequest call = HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:" + address.getPort() + "/rehearsal.Rehearsal/Play"))
                    .version(version)
                    .timeout(Duration.ofSeconds(10))
                    .header("content-type", "application/grpc-web-text")
                    .POST(HttpRequest.BodyPublishers.ofString("AAAAAAA="))
                    .build();
            try {
                client.send(call, HttpResponse.BodyHandlers.ofString());
            } catch (java.io.IOException e) {
                LOG.debug("the rehearsal's call failed", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        gateway.shutDown();
    }
}
