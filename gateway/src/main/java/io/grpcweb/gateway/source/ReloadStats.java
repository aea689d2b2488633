package io.grpcweb.gateway.source;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

/** How reloads went; any thread may read it. */
public final class ReloadStats {
    private final LongAdder successes = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private volatile Instant lastSuccess = Instant.now();
    private final AtomicReference<Failure> failure = new AtomicReference<>();

    /**
     * The last reload, where it failed.
     *
     * @param text all that was wrong
     */
    public record Failure(String text, Instant when) {}

    void ended(Outcome outcome, Instant when) {
        if (outcome.isSuccess()) {
            successes.increment();
            lastSuccess = when;
            failure.set(null);
        } else {
            failures.increment();
            failure.set(new Failure(String.join("\n", outcome.lines()), when));
        }
    }

    public long successes() {
        return successes.sum();
    }

    public long failures() {
        return failures.sum();
    }

    /** When the configuration in force was put in force. */
    public Instant lastSuccess() {
        return lastSuccess;
    }

    /** Empty where the last reload went well, or none was tried. */
    public Optional<Failure> lastFailure() {
        return Optional.ofNullable(failure.get());
    }
}
