package io.grpcweb.sample;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The gateway as a child process: started, waited for, and ended together with whatever it started itself. */
final class GatewayProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Process process;

    /** What it prints goes where ours goes. */
    GatewayProcess(List<String> command) throws IOException {
        process = new ProcessBuilder(command).inheritIO().start();
    }

    /** Returns when {@code address} takes connections; fails when the process ends first or the time is over. */
    void awaitAnswer(InetSocketAddress address, Duration limit) throws IOException, InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (!answers(address)) {
            if (process.waitFor(50, TimeUnit.MILLISECONDS)) {
                throw new IOException("the gateway ended with exit code " + process.exitValue());
            }
            if (System.nanoTime() > end) {
                throw new IOException("the gateway did not listen on %s within %d s"
                        .formatted(address.toString().replaceFirst("^.*/", ""), limit.toSeconds()));
            }
        }
    }

    private static boolean answers(InetSocketAddress address) {
        try (Socket socket = new Socket()) {
            socket.connect(address, 500);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    CompletableFuture<Integer> ended() {
        return process.onExit().thenApply(Process::exitValue);
    }

    /** Asks first, insists after {@link #PATIENCE}; a start script that does not exec leaves children to end as well. */
    @Override
    public void close() {
        List<ProcessHandle> family = Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList();
        family.forEach(ProcessHandle::destroy);
        CompletableFuture<?>[] ends = family.stream().map(ProcessHandle::onExit).toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(ends)
                .completeOnTimeout(null, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .join();
        family.stream().filter(ProcessHandle::isAlive).forEach(ProcessHandle::destroyForcibly);
    }
}
