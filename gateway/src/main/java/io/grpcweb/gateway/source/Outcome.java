package io.grpcweb.gateway.source;

import java.util.List;

/**
 * What came of a reload.
 *
 * @param isSuccess whether the configuration is in force; else the one before is
 * @param lines of a success: what takes a restart; of a failure: all that is wrong
 */
public record Outcome(boolean isSuccess, List<String> lines) {
    static Outcome success(List<String> later) {
        return new Outcome(true, List.copyOf(later));
    }

    static Outcome failure(List<String> problems) {
        return new Outcome(false, List.copyOf(problems));
    }
}
