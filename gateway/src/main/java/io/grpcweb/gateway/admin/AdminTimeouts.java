package io.grpcweb.gateway.admin;

/**
 * How long a client of the admin listener may take for each step, in milliseconds.
 *
 * @param requestMillis from the connection to the end of its first request
 * @param responseMillis to read an answer
 * @param idleMillis between an answer and the end of the next request
 */
record AdminTimeouts(long requestMillis, long responseMillis, long idleMillis) {
    static final AdminTimeouts DEFAULT = new AdminTimeouts(10_000, 30_000, 120_000);
}
