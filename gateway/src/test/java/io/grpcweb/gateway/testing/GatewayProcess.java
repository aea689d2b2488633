package io.grpcweb.gateway.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** A gateway that is a process of its own, so that it can be sent signals. */
public final class GatewayProcess implements AutoCloseable {
    private static final Pattern LISTENING = Pattern.compile("listener \\S+ on /[0-9.]+:([0-9]+)");

    private final Process process;
    private final Queue<String> log = new ConcurrentLinkedQueue<>();
    private final CompletableFuture<Integer> port = new CompletableFuture<>();

    /** Starts it from a configuration in the own format; {@link #port} waits until it listens. */
    public GatewayProcess(Path folder, String conf, String... javaOptions) {
        this(folder, conf, List.of(javaOptions), List.of(), Map.of());
    }

    /** The same with more words behind those that name the file, and variables of the environment. */
    public GatewayProcess(Path folder, String conf, List<String> words, Map<String, String> environment) {
        this(folder, conf, List.of(), words, environment);
    }

    private GatewayProcess(
            Path folder, String conf, List<String> javaOptions, List<String> words, Map<String, String> environment) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dio.netty.leakDetection.level=paranoid"));
        command.addAll(javaOptions);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.grpcweb.gateway.cli.Main"));
        try {
            Path file = Files.writeString(folder.resolve("gateway.conf"), conf);
            command.addAll(List.of("-c", file.toString()));
            command.addAll(words);
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().putAll(environment);
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread reader = new Thread(this::readLog, "gateway-process-log");
        reader.setDaemon(true);
        reader.start();
    }

    private void readLog() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                log.add(line);
                Matcher listening = LISTENING.matcher(line);
                if (listening.find()) {
                    port.complete(Integer.parseInt(listening.group(1)));
                }
            }
        } catch (IOException e) {
            log.add(e.toString());
        }
        port.completeExceptionally(new AssertionError("the gateway ended"));
    }

    /** Of its first listener. */
    public int port() {
        try {
            return port.get(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("the gateway does not listen: " + log, e);
        }
    }

    /** SIGTERM. */
    public void terminate() {
        process.toHandle().destroy();
    }

    /** SIGHUP. */
    public void hangUp() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-HUP", Long.toString(process.pid())).start().waitFor();
    }

    /** Waits until a line of its log contains a text. */
    public void awaitLog(String text) {
        Awaitility.await(text).atMost(30, TimeUnit.SECONDS).until(() -> log.stream()
                .anyMatch(line -> line.contains(text)));
    }

    /** Its number in the system. */
    public long pid() {
        return process.pid();
    }

    /** Waits for its end; the exit code. */
    public int awaitExit(long seconds) throws InterruptedException {
        if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
            throw new AssertionError("still running after " + seconds + " s: " + log);
        }
        return process.exitValue();
    }

    /** What it wrote to its log. */
    public String log() {
        return String.join("\n", log);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
