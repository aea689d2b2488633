package io.grpcweb.gateway.schema;

/**
 * A text that is no JSON, or not the JSON of the expected message. The message is for the caller: where it is wrong, as a path of
 * fields, and what.
 */
public final class InvalidJson extends Exception {
    private static final long serialVersionUID = 1;

    private static final String ANYWHERE = ":";

    private final String path;
    private final String problem;

    InvalidJson(String problem) {
        this("", problem);
    }

    InvalidJson(String path, String problem) {
        super(null, null, false, false);
        this.path = path;
        this.problem = problem;
    }

    /** What is wrong with the form of the whole; the path does not matter. */
    static InvalidJson form(String problem) {
        return new InvalidJson(ANYWHERE, problem);
    }

    /** A value that its field cannot hold. */
    static InvalidJson value(String shown, String type) {
        return new InvalidJson("", "invalid value " + shown + " for type " + type);
    }

    /** The same, one field further out. */
    public InvalidJson in(String field) {
        if (path.equals(ANYWHERE)) {
            return this;
        }
        return new InvalidJson(
                path.isEmpty() ? field : path.charAt(0) == '[' ? field + path : field + "." + path, problem);
    }

    @Override
    public String getMessage() {
        if (path.isEmpty()) {
            return problem;
        }
        // Envoy writes the colon of a path that it does not name.
        return (path.equals(ANYWHERE) ? "" : path) + ": " + problem;
    }
}
