package io.grpcweb.gateway.config;

/**
 * Where a part of a configuration stands: file, line and path, for people. It is equal to every other one, so that records
 * with the same settings are equal wherever they stand: a line that is inserted above changes nothing.
 *
 * @param text such as {@code gateway.conf:12 clusters[0]}
 */
public record Origin(String text) {
    public static final Origin NONE = new Origin("");

    @Override
    public boolean equals(Object other) {
        return other instanceof Origin;
    }

    @Override
    public int hashCode() {
        return 1;
    }

    @Override
    public String toString() {
        return text;
    }
}
