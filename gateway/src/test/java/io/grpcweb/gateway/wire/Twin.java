package io.grpcweb.gateway.wire;

import io.grpcweb.gateway.RunningGateway;
import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.envoy.EnvoyBootstrap;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A program that is started with an Envoy bootstrap: the gateway, or a real Envoy. */
interface Twin extends AutoCloseable {
    int port();

    int adminPort();

    @Override
    void close();

    static Twin gateway(String bootstrap) {
        try {
            RunningGateway gateway = RunningGateway.of(EnvoyBootstrap.read(
                    Optional.empty(), Optional.of(bootstrap), new EnvoyBootstrap.Options(false, false)));
            return new Gateway(gateway);
        } catch (ConfigException e) {
            throw new AssertionError(e);
        }
    }

    /** {@code $ENVOY}, or else the first {@code envoy} on the path. */
    static Optional<Path> envoy() {
        return Stream.concat(
                        Stream.ofNullable(System.getenv("ENVOY")),
                        Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                                .map(folder -> folder + "/envoy"))
                .map(Path::of)
                .filter(Files::isExecutable)
                .filter(file -> !file.toString().contains("/gateway/bin/"))
                .findFirst();
    }

    static Twin envoy(Path program, Path folder, String bootstrap) {
        try {
            Path config = Files.writeString(Files.createTempFile(folder, "envoy", ".yaml"), bootstrap);
            Path address = Files.createTempFile(folder, "envoy", ".admin");
            Process process = new ProcessBuilder(
                            program.toString(),
                            "-c",
                            config.toString(),
                            "--admin-address-path",
                            address.toString(),
                            "--concurrency",
                            "1",
                            "--disable-hot-restart",
                            "-l",
                            "error")
                    .inheritIO()
                    .start();
            return new Envoy(process, address);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    default String page(String path) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + adminPort() + path))
                    .version(HttpClient.Version.HTTP_1_1)
                    .build();
            return HttpClient.newHttpClient()
                    .send(request, HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** The counters and gauges of the only cluster whose names fit, without the prefix. */
    default Map<String, String> stats(Pattern names) {
        Map<String, String> found = new TreeMap<>();
        page("/stats").lines().forEach(line -> {
            int colon = line.indexOf(": ");
            if (line.startsWith("cluster.backend.") && colon > 0) {
                String name = line.substring("cluster.backend.".length(), colon);
                if (names.matcher(name).matches()) {
                    found.put(name, line.substring(colon + 2));
                }
            }
        });
        return found;
    }

    /** The gateway in this process. */
    record Gateway(RunningGateway gateway) implements Twin {
        @Override
        public int port() {
            return gateway.port();
        }

        @Override
        public int adminPort() {
            return gateway.adminPort();
        }

        @Override
        public void close() {
            gateway.close();
        }

        @Override
        public String toString() {
            return "gateway";
        }
    }

    /** A process; its ports are asked for. */
    record Envoy(Process process, Path address) implements Twin {
        private static final Pattern LISTENER = Pattern.compile("127\\.0\\.0\\.1:(\\d+)");

        @Override
        public int port() {
            Matcher[] found = {null};
            Awaitility.await().atMost(20, TimeUnit.SECONDS).until(() -> {
                found[0] = LISTENER.matcher(page("/listeners"));
                return page("/ready").startsWith("LIVE") && found[0].find();
            });
            return Integer.parseInt(found[0].group(1));
        }

        @Override
        public int adminPort() {
            Awaitility.await().atMost(20, TimeUnit.SECONDS).until(() -> Files.size(address) > 0);
            try {
                String text = Files.readString(address).strip();
                return Integer.parseInt(text.substring(text.lastIndexOf(':') + 1));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void close() {
            process.destroyForcibly();
            try {
                process.waitFor();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public String toString() {
            return "envoy";
        }
    }
}
