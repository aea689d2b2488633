package io.grpcweb.gateway.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A {@link GrpcBackend} that a test starts, kills and starts again on the same address. */
public final class BackendProcess implements AutoCloseable {
    private static final int GRACE_SECONDS = 5;

    private final String host;
    private final Path journal;
    private final List<String> prefix;
    private Process process;
    private boolean starting;
    private int port;

    /**
     * Starts it. Its address is not the one that connections come from, so that a connection
     * attempt while it is away cannot meet itself.
     */
    public BackendProcess(Path folder) {
        this("127.0.0.2", folder, List.of());
    }

    /** @param prefix words before the command, such as {@code ip netns exec NAME} */
    public BackendProcess(String host, Path folder, List<String> prefix) {
        this(host, 0, folder, prefix);
    }

    /** At an address that is given. */
    public BackendProcess(String host, int port, Path folder) {
        this(host, port, folder, List.of());
    }

    private BackendProcess(String host, int port, Path folder, List<String> prefix) {
        this.host = host;
        this.port = port;
        this.prefix = prefix;
        try {
            this.journal = Files.createTempFile(folder, "backend", ".journal");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start();
    }

    /** Starts it, again on the port that it had; whoever asks for its address waits until it listens. */
    public void start() {
        List<String> command = new ArrayList<>(prefix);
        Collections.addAll(
                command,
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx96m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                GrpcBackend.class.getName(),
                host,
                Integer.toString(port),
                journal.toString(),
                Integer.toString(GRACE_SECONDS));
        try {
            process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            starting = true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitStart() {
        if (!starting) {
            return;
        }
        try {
            BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
            String line = out.readLine();
            if (line == null) {
                throw new AssertionError("the backend did not start: exit code " + process.waitFor());
            }
            port = Integer.parseInt(line);
            starting = false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    public String address() {
        awaitStart();
        return host + ":" + port;
    }

    /** Where it listens; waits until it does. */
    public int port() {
        awaitStart();
        return port;
    }

    public String host() {
        return host;
    }

    /** SIGTERM; waits for the end. */
    public void end() {
        process.destroy();
        awaitExit();
    }

    /** SIGKILL; waits for the end. */
    public void kill() {
        process.destroyForcibly();
        awaitExit();
    }

    private void awaitExit() {
        try {
            if (!process.waitFor(GRACE_SECONDS + 10, TimeUnit.SECONDS)) {
                throw new AssertionError("the backend does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Ends the calls that are held. */
    public void release() {
        try {
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The names of the calls that have begun here, in order. */
    public List<String> journal() {
        try {
            return Files.readAllLines(journal);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until as many calls more have begun. */
    public void awaitCalls(int more) {
        int before = journal().size();
        Awaitility.await().atMost(20, TimeUnit.SECONDS).until(() -> journal().size() >= before + more);
    }

    @Override
    public void close() {
        process.destroyForcibly();
        awaitExit();
    }
}
