package io.grpcweb.gateway.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Asks the admin pages of a gateway that runs. */
final class AdminClient {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String address;

    /** @param address as {@code HOST:PORT} */
    AdminClient(String address) {
        this.address = address;
    }

    /** Prints a page; returns the exit code. */
    int get(String page, PrintStream out) {
        return send(
                HttpRequest.newBuilder(URI.create("http://" + address + page)).GET(), out);
    }

    /** Pulls a lever and prints what it says; returns the exit code. */
    int post(String page, PrintStream out) {
        return send(
                HttpRequest.newBuilder(URI.create("http://" + address + page))
                        .POST(HttpRequest.BodyPublishers.noBody()),
                out);
    }

    private int send(HttpRequest.Builder request, PrintStream out) {
        try {
            HttpResponse<String> response = HttpClient.newHttpClient()
                    .send(request.timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString());
            out.print(response.body());
            return response.statusCode() == 200 ? 0 : 1;
        } catch (IOException e) {
            throw new IllegalArgumentException("no gateway answers on " + address + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        }
    }
}
