package io.grpcweb.gateway.filter;

import java.util.concurrent.ThreadLocalRandom;

/** A share of requests that is left to chance. */
public final class Chance {
    private Chance() {}

    /** Whether this request is one of a share from 0 to 1. */
    public static boolean happens(double share) {
        return share >= 1 || (share > 0 && ThreadLocalRandom.current().nextDouble() < share);
    }
}
