package io.grpcweb.gateway.check;

/**
 * Something that a person should know of a configuration and of what it leads to.
 *
 * @param breaks whether calls fail because of it
 * @param what is concerned, such as {@code cluster orders, 10.0.0.7:50051}
 * @param where file, line and path; may be empty
 * @param cause what was seen
 * @param change what to do about it; may be empty
 */
public record Finding(boolean breaks, String what, String where, String cause, String change) {

    /** Calls fail because of it. */
    static Finding broken(String what, String where, String cause, String change) {
        return new Finding(true, what, where, cause, change);
    }

    /** Calls go on, but somebody may be surprised. */
    static Finding doubtful(String what, String where, String cause, String change) {
        return new Finding(false, what, where, cause, change);
    }

    /** One line. */
    @Override
    public String toString() {
        return (breaks ? "broken:  " : "warning: ")
                + (where.isEmpty() ? "" : where + ": ")
                + (what.isEmpty() ? "" : what + ": ")
                + cause
                + (change.isEmpty() ? "" : "; " + change);
    }
}
