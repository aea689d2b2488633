package io.grpcweb.gateway.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;

/** The client of a {@link Rehearsal}: a preflight and calls of each format over each HTTP version, and the pages. */
final class RehearsalCalls {
    private static final String METHOD = "/rehearsal.Rehearsal/Play";

    /** The media types of a call, and an empty message in each. */
    private static final List<List<String>> FORMATS = List.of(
            List.of("application/grpc-web+proto", "\0\0\0\0\0"),
            List.of("application/grpc-web-text", "AAAAAAA="),
            List.of("application/grpc", "\0\0\0\0\0"),
            List.of("application/proto", ""));

    private static final List<String> PAGES =
            List.of("metrics", "stats", "stats/prometheus", "clusters", "server_info", "config_dump");

    private static final String READY = "ready";
    private static final int MOST_LOOKS = 500;
    private static final long PAUSE_MILLIS = 20;

    private final HttpClient client = HttpClient.newHttpClient();

    private RehearsalCalls() {}

    /** @param arguments the address of the calls, that of the admin pages, and how many rounds of calls there are */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        RehearsalCalls calls = new RehearsalCalls();
        calls.awaitReady(arguments[1]);
        for (int round = Integer.parseInt(arguments[2]); round > 0; round--) {
            calls.play(arguments[0]);
        }
        for (String page : PAGES) {
            calls.read(arguments[1], page);
        }
    }

    private void awaitReady(String admin) throws IOException, InterruptedException {
        for (int looks = 0; read(admin, READY) != 200; looks++) {
            if (looks == MOST_LOOKS) {
                throw new IOException(admin + " does not become ready");
            }
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    /** The status of an admin page. */
    private int read(String admin, String page) throws IOException, InterruptedException {
        return send(
                request(admin + "/" + page).version(HttpClient.Version.HTTP_1_1).GET());
    }

    private void play(String address) throws IOException, InterruptedException {
        for (HttpClient.Version version : HttpClient.Version.values()) {
            send(call(address, version)
                    .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                    .header("access-control-request-method", "POST"));
            for (List<String> format : FORMATS) {
                send(call(address, version)
                        .header("content-type", format.get(0))
                        .POST(HttpRequest.BodyPublishers.ofString(format.get(1))));
            }
        }
    }

    private static HttpRequest.Builder call(String address, HttpClient.Version version) {
        return request(address + METHOD).version(version).header("origin", "https://rehearsal.example");
    }

    private static HttpRequest.Builder request(String uri) {
        return HttpRequest.newBuilder(URI.create(uri)).timeout(Duration.ofSeconds(10));
    }

    private int send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString())
                .statusCode();
    }
}
