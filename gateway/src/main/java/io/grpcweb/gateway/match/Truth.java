package io.grpcweb.gateway.match;

/** Whether a condition holds. */
public enum Truth {
    NO,
    /** A value that it depends on is too long to be looked at. */
    UNKNOWN,
    YES;

    static Truth of(boolean holds) {
        return holds ? YES : NO;
    }

    Truth inverted() {
        return this == UNKNOWN ? UNKNOWN : of(this == NO);
    }
}
