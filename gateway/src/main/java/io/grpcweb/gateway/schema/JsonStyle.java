package io.grpcweb.gateway.schema;

/**
 * How messages are written as JSON.
 *
 * @param whitespace whether each value stands on a line of its own, and a line break behind the whole
 * @param defaults whether fields that are not set are written where the message cannot tell the difference
 * @param enumNumbers whether enum values are written as numbers
 * @param protoNames whether fields have the names of the proto file, and not those in camel case
 */
public record JsonStyle(boolean whitespace, boolean defaults, boolean enumNumbers, boolean protoNames) {

    /** Everything off. */
    public static final JsonStyle COMPACT = new JsonStyle(false, false, false, false);
}
