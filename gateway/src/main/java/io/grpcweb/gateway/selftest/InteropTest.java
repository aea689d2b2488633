package io.grpcweb.gateway.selftest;

/**
 * One test of the official list.
 *
 * @param name as there
 * @param streams whether messages are to be sent while the response comes, which HTTP requests of browsers cannot do
 */
record InteropTest(String name, boolean streams, Steps steps) {

    /** What is done; any exception is a failure. */
    @FunctionalInterface
    interface Steps {
        void run(Caller caller) throws Exception;
    }

    boolean fits(Wire wire) {
        return !streams || wire.streamsRequests();
    }
}
