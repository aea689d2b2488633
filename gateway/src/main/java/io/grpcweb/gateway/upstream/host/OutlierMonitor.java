package io.grpcweb.gateway.upstream.host;

import io.grpcweb.gateway.config.ClusterConfig;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * How the calls of one endpoint went, counted by whatever event loop: failures in a row, and the share of successes in
 * the present interval. Failures of this side (no connection, resets, timeouts) count as 503 or 504, or by themselves
 * where the configuration splits them off (Envoy's {@code DetectorHostMonitor}).
 */
public final class OutlierMonitor {
    private final AtomicInteger consecutive5xx = new AtomicInteger();
    private final AtomicInteger consecutiveGatewayFailures = new AtomicInteger();
    private final AtomicInteger consecutiveLocalFailures = new AtomicInteger();
    private final Share answers = new Share();
    private final Share local = new Share();

    /** What an endpoint can be ejected for. */
    public enum Kind {
        CONSECUTIVE_5XX("consecutive_5xx"),
        CONSECUTIVE_GATEWAY_FAILURE("consecutive_gateway_failure"),
        CONSECUTIVE_LOCAL_ORIGIN_FAILURE("consecutive_local_origin_failure"),
        SUCCESS_RATE("success_rate"),
        FAILURE_PERCENTAGE("failure_percentage"),
        LOCAL_ORIGIN_SUCCESS_RATE("local_origin_success_rate"),
        LOCAL_ORIGIN_FAILURE_PERCENTAGE("local_origin_failure_percentage");

        private final String envoyName;

        Kind(String envoyName) {
            this.envoyName = envoyName;
        }

        public String envoyName() {
            return envoyName;
        }
    }

    /** Successes among calls. */
    public static final class Share {
        private final LongAdder total = new LongAdder();
        private final LongAdder good = new LongAdder();

        private void add(boolean success) {
            total.increment();
            if (success) {
                good.increment();
            }
        }

        /** Begins a new interval and returns the past one. */
        public Past turn() {
            return new Past(total.sumThenReset(), good.sumThenReset());
        }
    }

    /** The calls of an interval that is over. */
    public record Past(long total, long good) {
        public double percent() {
            return total == 0 ? -1 : 100.0 * good / total;
        }
    }

    /** Counts; {@code tripped} is told when a number of failures in a row is reached, at most twice. */
    public void count(Outcome outcome, ClusterConfig.OutlierDetection config, Consumer<Kind> tripped) {
        if (outcome instanceof Outcome.Answered answered) {
            countAnswer(answered.httpStatus(), config, tripped);
            return;
        }
        boolean connected = outcome == Outcome.LocalOrigin.CONNECTED;
        if (config.splitExternalLocalOriginErrors()) {
            local.add(connected);
            if (connected) {
                consecutiveLocalFailures.set(0);
            } else if (consecutiveLocalFailures.incrementAndGet() == config.consecutiveLocalOriginFailure()) {
                tripped.accept(Kind.CONSECUTIVE_LOCAL_ORIGIN_FAILURE);
            }
        } else if (!connected) {
            boolean timeout =
                    outcome == Outcome.LocalOrigin.CONNECT_TIMEOUT || outcome == Outcome.LocalOrigin.REQUEST_TIMEOUT;
            countAnswer(timeout ? 504 : 503, config, tripped);
        }
    }

    private void countAnswer(int status, ClusterConfig.OutlierDetection config, Consumer<Kind> tripped) {
        boolean failure = status >= 500 && status < 600;
        answers.add(!failure);
        if (!failure) {
            // Reading first keeps the cache line shared between the loops while all is well.
            if (consecutive5xx.get() != 0) {
                consecutive5xx.set(0);
            }
            if (consecutiveGatewayFailures.get() != 0) {
                consecutiveGatewayFailures.set(0);
            }
            return;
        }
        if (status >= 502 && status <= 504) {
            if (consecutiveGatewayFailures.incrementAndGet() == config.consecutiveGatewayFailure()) {
                tripped.accept(Kind.CONSECUTIVE_GATEWAY_FAILURE);
            }
        } else {
            consecutiveGatewayFailures.set(0);
        }
        if (consecutive5xx.incrementAndGet() == config.consecutive5xx()) {
            tripped.accept(Kind.CONSECUTIVE_5XX);
        }
    }

    /** Counts failures in a row from none again. */
    public void reset(Kind kind) {
        switch (kind) {
            case CONSECUTIVE_5XX -> consecutive5xx.set(0);
            case CONSECUTIVE_GATEWAY_FAILURE -> consecutiveGatewayFailures.set(0);
            case CONSECUTIVE_LOCAL_ORIGIN_FAILURE -> consecutiveLocalFailures.set(0);
            case SUCCESS_RATE, FAILURE_PERCENTAGE, LOCAL_ORIGIN_SUCCESS_RATE, LOCAL_ORIGIN_FAILURE_PERCENTAGE -> {}
        }
    }

    public void resetAll() {
        consecutive5xx.set(0);
        consecutiveGatewayFailures.set(0);
        consecutiveLocalFailures.set(0);
    }

    public Share answers() {
        return answers;
    }

    public Share local() {
        return local;
    }
}
