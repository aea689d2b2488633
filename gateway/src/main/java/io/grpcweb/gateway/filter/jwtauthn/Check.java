package io.grpcweb.gateway.filter.jwtauthn;

import java.util.List;
import java.util.function.Consumer;

/** A requirement that is ready to be asked. */
interface Check {

    /**
     * Checks a request.
     *
     * @param done is told the outcome once, perhaps before this method returns, on the event loop of the exchange
     */
    void check(JwtCall call, Consumer<JwtStatus> done);

    /** All of them, one after the other; the first failure is the outcome. */
    static Check all(List<Check> of) {
        return (call, done) -> all(of, 0, call, done);
    }

    private static void all(List<Check> of, int next, JwtCall call, Consumer<JwtStatus> done) {
        if (next == of.size()) {
            done.accept(JwtStatus.OK);
            return;
        }
        of.get(next).check(call, status -> {
            if (status == JwtStatus.OK) {
                all(of, next + 1, call, done);
            } else {
                done.accept(status);
            }
        });
    }

    /**
     * One of them, asked one after the other until one is met.
     *
     * @param orMissing whether it is enough that each of them misses a token
     * @param orFailed whether it does not matter if none is met
     */
    static Check any(List<Check> of, boolean orMissing, boolean orFailed) {
        return (call, done) -> any(of, 0, JwtStatus.MISSING, call, status -> {
            boolean passes = orFailed || (orMissing && status == JwtStatus.MISSING);
            done.accept(passes ? JwtStatus.OK : status);
        });
    }

    private static void any(List<Check> of, int next, JwtStatus worst, JwtCall call, Consumer<JwtStatus> done) {
        if (next == of.size()) {
            done.accept(worst);
            return;
        }
        of.get(next).check(call, status -> {
            if (status == JwtStatus.OK) {
                done.accept(status);
            } else {
                any(of, next + 1, worst.orLater(status), call, done);
            }
        });
    }
}
