package io.grpcweb.gateway.filter.extauthz;

/** Counts what came of a question, at the listener and at the cluster of the call, which may have no numbers. */
final class Outcome {
    private Outcome() {}

    static void count(Decision.Verdict verdict, ExtAuthzStats listener, AtClusterStats cluster) {
        switch (verdict) {
            case PASS -> {
                listener.ok.increment();
                if (cluster != null) {
                    cluster.ok.increment();
                }
            }
            case DENY -> {
                listener.denied.increment();
                if (cluster != null) {
                    cluster.denied.increment();
                }
            }
            case ERROR -> {
                listener.error.increment();
                if (cluster != null) {
                    cluster.error.increment();
                }
            }
        }
    }

    /** The answer cannot be followed. */
    static void invalid(ExtAuthzStats listener, AtClusterStats cluster) {
        listener.invalid.increment();
        if (cluster != null) {
            cluster.invalid.increment();
        }
    }

    /** A call went on without an answer. */
    static void passedOnError(ExtAuthzStats listener, AtClusterStats cluster) {
        listener.failureModeAllowed.increment();
        if (cluster != null) {
            cluster.failureModeAllowed.increment();
        }
    }
}
