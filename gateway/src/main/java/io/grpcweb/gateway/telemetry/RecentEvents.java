package io.grpcweb.gateway.telemetry;

import io.grpcweb.gateway.http.ForeignText;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;

/**
 * The last refusals and errors, a bounded number of each with bounded texts, for the page that explains them. They are rare
 * and end in memory, so a lock is enough; under a flood only some per second are looked at.
 */
public final class RecentEvents {
    private static final int KEPT = 100;
    private static final int PER_SECOND = 50;

    private final Deque<Refusal> refusals = new ArrayDeque<>();
    private final Deque<Failure> failures = new ArrayDeque<>();
    private final Deque<Hinted> hints = new ArrayDeque<>();
    private long second;
    private int inThisSecond;

    /**
     * A page of another origin was not let in.
     *
     * @param origin as it was sent
     * @param what {@code origin}, {@code preflight}, or the header field that was asked for
     * @param rule what was tried
     * @param setting what would allow it, and where it stands
     */
    public record Refusal(Instant at, String origin, String what, String rule, String setting) {}

    /**
     * An error of the gateway's own.
     *
     * @param flags Envoy's response flags
     * @param details Envoy's response code details
     * @param help the section of the documentation about it, or empty
     * @param endpoint or empty
     * @param reason what the transport said, or empty
     */
    public record Failure(
            Instant at,
            int httpStatus,
            int grpcStatus,
            String flags,
            String details,
            String help,
            String cluster,
            String endpoint,
            String reason) {}

    /**
     * Something about a set-up that was said once.
     *
     * @param about a cluster, or the origin of a page
     * @param help the section of the documentation about it
     */
    public record Hinted(Instant at, String about, String what, String cure, String help) {}

    /** Any thread; rare, and bounded by who says it. */
    synchronized void hinted(String about, String what, String cure, String help) {
        push(hints, new Hinted(Instant.now(), about, what, cure, help));
    }

    /** The latest first. */
    public synchronized List<Hinted> hints() {
        return reversed(hints);
    }

    /** Any thread; the texts may come from strangers. */
    public void refused(CharSequence origin, String what, String rule, String setting) {
        if (mayRecord()) {
            Refusal refusal = new Refusal(
                    Instant.now(),
                    ForeignText.of(origin),
                    ForeignText.of(what),
                    ForeignText.of(rule),
                    ForeignText.of(setting));
            synchronized (this) {
                push(refusals, refusal);
            }
        }
    }

    /** Any thread; after {@link #mayRecord}. */
    void failed(
            int httpStatus,
            int grpcStatus,
            String flags,
            String details,
            String help,
            String cluster,
            String endpoint,
            String reason) {
        Failure failure = new Failure(
                Instant.now(),
                httpStatus,
                grpcStatus,
                ForeignText.of(flags),
                ForeignText.of(details),
                help,
                ForeignText.of(cluster),
                ForeignText.of(endpoint),
                ForeignText.of(reason));
        synchronized (this) {
            push(failures, failure);
        }
    }

    /** The latest first. */
    public synchronized List<Refusal> refusals() {
        return reversed(refusals);
    }

    /** The latest first. */
    public synchronized List<Failure> failures() {
        return reversed(failures);
    }

    /** Whether there is room for another event in this second; asked before the texts are put together. */
    synchronized boolean mayRecord() {
        long now = System.nanoTime() / 1_000_000_000;
        if (now != second) {
            second = now;
            inThisSecond = 0;
        }
        return inThisSecond++ < PER_SECOND;
    }

    private static <T> void push(Deque<T> events, T event) {
        if (events.size() == KEPT) {
            events.removeFirst();
        }
        events.addLast(event);
    }

    private static <T> List<T> reversed(Deque<T> events) {
        List<T> list = new ArrayList<>(events);
        Collections.reverse(list);
        return list;
    }
}
