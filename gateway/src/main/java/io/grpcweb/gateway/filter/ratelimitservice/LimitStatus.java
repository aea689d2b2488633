package io.grpcweb.gateway.filter.ratelimitservice;

import io.grpcweb.gateway.filter.service.ProtoReader;
import java.io.IOException;

/** How far a descriptor is from its limit: {@code RateLimitResponse.DescriptorStatus}. */
final class LimitStatus implements ProtoReader.Fields {
    /** By the number of the unit (RateLimitResponse.RateLimit.Unit): second, minute, hour, day, month, year, week. */
    private static final int[] SECONDS = {0, 1, 60, 3600, 86_400, 2_592_000, 31_536_000, 604_800};

    private boolean limited;
    private String name = "";
    private long requests;
    private long unit;
    private long units = 1;
    private long remaining;
    private long resetSeconds;
    private boolean resetPart;
    private boolean over;

    /** Whether there is a limit for the descriptor. */
    boolean isLimited() {
        return limited;
    }

    /** What the service calls the limit; may be empty. */
    String name() {
        return name;
    }

    /** How many requests a window allows. */
    long requests() {
        return requests;
    }

    /** How long a window is; 0 where the service does not say. */
    long windowSeconds() {
        return unit < 0 || unit >= SECONDS.length ? 0 : SECONDS[(int) unit] * units;
    }

    /** How many are left in this window. */
    long remaining() {
        return remaining;
    }

    /** When the next window begins, from now. */
    long resetSeconds() {
        return resetSeconds;
    }

    /** Whether this limit is passed. */
    boolean isOver() {
        return over;
    }

    /** After how many seconds a client may come again: a second that has begun counts. */
    long retrySeconds() {
        return resetSeconds + (resetPart ? 1 : 0);
    }

    @Override
    public void field(int number, ProtoReader in) throws IOException {
        switch (number) {
            case 1 -> over = in.whole() == RateLimitAnswer.OVER_LIMIT;
            case 2 -> {
                limited = true;
                in.message(this::limit);
            }
            case 3 -> remaining = in.whole();
            case 4 ->
                // google.protobuf.Duration
                in.message((field, duration) -> {
                    if (field == 1) {
                        resetSeconds = duration.whole();
                    } else if (field == 2) {
                        resetPart = duration.whole() > 0;
                    }
                });
            default -> {}
        }
    }

    private void limit(int number, ProtoReader in) throws IOException {
        switch (number) {
            case 1 -> requests = in.whole();
            case 2 -> unit = in.whole();
            case 3 -> name = in.text();
            case 4 ->
                // google.protobuf.UInt32Value
                in.message((field, value) -> units = field == 1 ? Math.max(1, value.whole()) : units);
            default -> {}
        }
    }
}
