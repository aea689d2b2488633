package io.grpcweb.gateway.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An Envoy process with the file of a test; its admin pages say which ports it took. */
public final class RealEnvoy implements Subject.Running {
    private static final Pattern PORT = Pattern.compile("127\\.0\\.0\\.1:([0-9]+)");

    private final Process process;
    private final int port;
    private int adminPort;

    RealEnvoy(String yaml) throws IOException {
        Path folder = Files.createTempDirectory("envoy");
        Path file = Files.writeString(folder.resolve("envoy.yaml"), yaml);
        Path admin = folder.resolve("admin");
        Path log = folder.resolve("log");
        process = new ProcessBuilder(
                        binary(),
                        "-c",
                        file.toString(),
                        "--admin-address-path",
                        admin.toString(),
                        "--disable-hot-restart",
                        "--concurrency",
                        "1",
                        "--file-flush-interval-msec",
                        "20",
                        "-l",
                        "error")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            port = port(admin, log);
        } catch (IOException | RuntimeException | AssertionError e) {
            close();
            throw e;
        }
    }

    /** Empty where there is none. */
    public static String binary() {
        return System.getProperty("envoy.binary", "");
    }

    private int port(Path admin, Path log) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (System.nanoTime() < deadline && process.isAlive()) {
            String address = Files.exists(admin) ? Files.readString(admin).strip() : "";
            if (!address.isEmpty() && get(address, "ready").startsWith("LIVE")) {
                Matcher found = PORT.matcher(get(address, "listeners"));
                if (found.find()) {
                    adminPort = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
                    return Integer.parseInt(found.group(1));
                }
            }
            process.onExit()
                    .completeOnTimeout(process, 20, TimeUnit.MILLISECONDS)
                    .join();
        }
        throw new AssertionError("Envoy did not start: " + Files.readString(log));
    }

    private static String get(String address, String page) throws IOException {
        try (InputStream in = new URI("http://" + address + "/" + page).toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(e);
        } catch (IOException e) {
            return "";
        }
    }

    @Override
    public int adminPort() {
        return adminPort;
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException(e));
        }
    }
}
