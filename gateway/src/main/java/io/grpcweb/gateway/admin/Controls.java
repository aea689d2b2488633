package io.grpcweb.gateway.admin;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The levers of the gateway that the pages pull. Called on the admin thread, where none may block but {@link #reload}. */
public interface Controls {

    /** What {@code /ready} says. */
    State state();

    /** Why {@code /ready} says no although the gateway is live; empty where it does not. */
    String notReady();

    /** {@code /healthcheck/fail} and {@code /healthcheck/ok}. */
    void failHealthcheck(boolean fail);

    /**
     * {@code /drain_listeners}.
     *
     * @param graceful whether listeners stay open for the drain time
     * @param skipExit whether they are never closed
     * @param inboundOnly whether only listeners that are marked as inbound drain
     */
    void drainListeners(boolean graceful, boolean skipExit, boolean inboundOnly);

    /** {@code /reopen_logs}. */
    void reopenLogs();

    /** {@code /quitquitquit}: as SIGTERM. */
    void quit();

    /**
     * {@code /reload}: reads the configuration again and waits until it is in force; on the thread of the pages.
     *
     * @return empty where it did not come from a file
     */
    Optional<Reload> reload();

    /** What a reload with another file would change, one line each. */
    Optional<Reload> reloadWouldChange(String file);

    /**
     * What came of a reload.
     *
     * @param isSuccess whether the configuration is in force; else the one before is
     * @param lines of a success: what is to be known of it; of a failure: all that is wrong
     */
    record Reload(boolean isSuccess, List<String> lines) {}

    /** Log levels by name of the component, lower-case as Envoy writes them. */
    Map<String, String> logLevels();

    /** Sets one component's level, or that of all if the name is empty. */
    void logLevel(String component, String level);

    /** How the gateway is. */
    enum State {
        LIVE(0),
        DRAINING(1),
        PRE_INITIALIZING(2),
        INITIALIZING(3);

        private final int number;

        State(int number) {
            this.number = number;
        }

        /** As the gauge {@code server.state} shows it. */
        public int number() {
            return number;
        }
    }
}
