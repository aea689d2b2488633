package io.grpcweb.gateway.testing;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/**
 * Unary calls at a steady rate; each has a number of its own. Where the machine is too slow for the rate, no more than so
 * many are under way at once.
 */
public final class Load implements AutoCloseable {
    private static final int MOST_UNDER_WAY = 300;

    private static final Pattern STATUS = Pattern.compile("grpc-status:\\s*(\\d+)");

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final URI target;
    private final IntFunction<String> payload;
    private final AtomicInteger sent = new AtomicInteger();
    private final Queue<Outcome> outcomes = new LinkedBlockingQueue<>();

    /** How a call ended, and after how long; the status is -1 where the answer had none. */
    public record Outcome(int number, int status, String answer, long nanos) {}

    /**
     * Begins at once.
     *
     * @param payload the message of the call with this number
     */
    public Load(int port, String path, int perSecond, IntFunction<String> payload) {
        this.target = URI.create("http://127.0.0.1:" + port + path);
        this.payload = payload;
        clock.scheduleAtFixedRate(this::call, 0, 1_000_000 / perSecond, TimeUnit.MICROSECONDS);
    }

    private void call() {
        if (sent.get() - outcomes.size() >= MOST_UNDER_WAY) {
            return;
        }
        int number = sent.getAndIncrement();
        HttpRequest request = HttpRequest.newBuilder(target)
                .header("content-type", "application/grpc-web+proto")
                .timeout(Duration.ofSeconds(30))
                .POST(HttpRequest.BodyPublishers.ofByteArray(
                        Frames.message(payload.apply(number).getBytes(StandardCharsets.UTF_8))))
                .build();
        long began = System.nanoTime();
        client.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray())
                .whenComplete((answer, failure) -> outcomes.add(
                        failure == null
                                ? outcome(number, answer, System.nanoTime() - began)
                                : new Outcome(number, -1, failure.toString(), System.nanoTime() - began)));
    }

    private static Outcome outcome(int number, HttpResponse<byte[]> answer, long nanos) {
        String text = answer.statusCode() + " "
                + answer.headers()
                        .firstValue("grpc-status")
                        .map("grpc-status:"::concat)
                        .orElse("") + " "
                + answer.headers().firstValue("grpc-message").orElse("") + " "
                + new String(answer.body(), StandardCharsets.ISO_8859_1);
        Matcher status = STATUS.matcher(text);
        return new Outcome(number, status.find() ? Integer.parseInt(status.group(1)) : -1, text, nanos);
    }

    /** How many calls have begun. */
    public int begun() {
        return sent.get();
    }

    /** Waits until as many more have ended. */
    public void awaitEnds(int more) {
        int before = outcomes.size();
        Awaitility.await().atMost(60, TimeUnit.SECONDS).until(() -> outcomes.size() >= before + more);
    }

    /** Sends no more, waits for the answers, and returns them. */
    public List<Outcome> end() {
        clock.shutdown();
        try {
            if (!clock.awaitTermination(10, TimeUnit.SECONDS)) {
                throw new AssertionError("the clock does not stop");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
        Awaitility.await().atMost(40, TimeUnit.SECONDS).until(() -> outcomes.size() == sent.get());
        return List.copyOf(outcomes);
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }

    /** How long all took but the slowest hundredth, of the calls with these numbers: from the first, inclusive, to the second. */
    public static Duration p99(List<Outcome> all, int from, int to) {
        long[] sorted = all.stream()
                .filter(one -> one.number() >= from && one.number() < to)
                .mapToLong(Outcome::nanos)
                .sorted()
                .toArray();
        return Duration.ofNanos(sorted.length == 0 ? 0 : sorted[(int) (sorted.length * 0.99)]);
    }

    public static List<Outcome> failed(List<Outcome> all) {
        return all.stream().filter(one -> one.status() != 0).toList();
    }
}
