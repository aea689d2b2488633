package io.grpcweb.gateway.schema;

/**
 * A text that is no JSON, or not the JSON of the expected message. The message is for the caller: where it is wrong, as a path of
 * fields, and what.
 */
public final class InvalidJson extends Exception {
    private static final long serialVersionUID = 1;

    private static final String VALUE = "invalid value ";
    private static final String TYPE = " for type ";

    private final String path;
    private final String problem;
    private final Place place;

    /** How the path grows on the way out. */
    private enum Place {
        /** By every field. */
        FIELD,
        /** By every field but the innermost: the message around it has the wrong form. */
        AROUND,
        /** By every field, and it is told even if it is empty. */
        TOLD,
        /** Not any more: it is whole, or there is none. */
        FIXED,
        /** By every field; the problem still lacks the name of the innermost one. */
        UNNAMED
    }

    InvalidJson(String problem) {
        this("", problem);
    }

    InvalidJson(String path, String problem) {
        this(path, problem, Place.FIELD);
    }

    private InvalidJson(String path, String problem, Place place) {
        super(null, null, false, false);
        this.path = path;
        this.problem = problem;
        this.place = place;
    }

    /** The form of a field does not fit into its message. */
    static InvalidJson form(String problem) {
        return new InvalidJson("", problem, Place.AROUND);
    }

    /** The whole text has the wrong form. */
    static InvalidJson root(String problem) {
        return new InvalidJson("", problem, Place.TOLD);
    }

    /** What is wrong with more than a field: it stays as it is. */
    public static InvalidJson of(String problem) {
        return new InvalidJson("", problem, Place.FIXED);
    }

    /** A value that its field cannot hold. */
    static InvalidJson value(String shown, String type) {
        return new InvalidJson("", VALUE + shown + TYPE + type);
    }

    /** A value of a field that cannot be read, and why. */
    static InvalidJson unreadable(String why, String type) {
        return new InvalidJson("", why + TYPE + type, Place.UNNAMED);
    }

    /** The same; the innermost field is this one. */
    InvalidJson named(String field) {
        return place == Place.UNNAMED
                ? new InvalidJson(path, VALUE + "Field '" + field + "', " + problem, Place.FIELD)
                : this;
    }

    /** The same, one field further out. */
    public InvalidJson in(String field) {
        return switch (place) {
            case FIXED -> this;
            case AROUND -> new InvalidJson(path, problem, Place.TOLD);
            default ->
                new InvalidJson(
                        path.isEmpty() ? field : path.charAt(0) == '[' ? field + path : field + "." + path,
                        problem,
                        place);
        };
    }

    /** The same, in a message of a type that had to be looked for: what is around it is not told. */
    InvalidJson inAny() {
        return switch (place) {
            case FIXED -> this;
            case UNNAMED ->
                new InvalidJson(
                        "", ": " + VALUE + problem.substring(0, problem.lastIndexOf(TYPE)) + TYPE + "Any", Place.FIXED);
            default -> new InvalidJson("", getMessage(), Place.FIXED);
        };
    }

    @Override
    public String getMessage() {
        String told = place == Place.UNNAMED ? VALUE + problem : problem;
        boolean bare = path.isEmpty() && (place == Place.FIELD || place == Place.UNNAMED || place == Place.FIXED);
        // Envoy writes the colon of a path that it does not name.
        return bare ? told : path + ": " + told;
    }
}
