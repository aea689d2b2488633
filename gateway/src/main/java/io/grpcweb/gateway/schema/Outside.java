package io.grpcweb.gateway.schema;

/**
 * What is said of the fields of a message outside of its text, in a path or a query. The reader of the text tells it what stands there too.
 */
public interface Outside {

    /**
     * What is said of the message in a field.
     *
     * @param field by its name in the proto file
     * @return null for nothing
     */
    Outside within(String field);

    /**
     * The text has a value of a field, which is neither null nor a list nor an object.
     *
     * @param field by its name in the proto file
     * @throws InvalidJson if the text must not have it
     */
    void said(String field, Said value) throws InvalidJson;
}
