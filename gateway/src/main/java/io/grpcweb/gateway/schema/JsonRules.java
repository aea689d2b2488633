package io.grpcweb.gateway.schema;

/**
 * What is taken for JSON.
 *
 * @param depth of objects and arrays in each other; what is deeper is refused
 * @param lenient whether what Envoy's parser forgives is forgiven: names without quotes, single quotes, a comma behind the last
 *     value, control characters in texts, a field twice (the later one counts), one value where a list is expected
 * @param unknownFields whether fields that the message does not have are left out; else they are refused
 * @param anyCaseEnums whether the names of enum values may be in small letters, and with hyphens
 */
public record JsonRules(int depth, boolean lenient, boolean unknownFields, boolean anyCaseEnums) {
    private static final int USUAL_DEPTH = 100;

    /** What the ProtoJSON format says; fields that are not known are left out, as servers of a later version send them. */
    public static final JsonRules STRICT = new JsonRules(USUAL_DEPTH, false, true, false);

    /** What Envoy takes. */
    public static JsonRules lenient(boolean anyCaseEnums) {
        return new JsonRules(USUAL_DEPTH, true, true, anyCaseEnums);
    }
}
