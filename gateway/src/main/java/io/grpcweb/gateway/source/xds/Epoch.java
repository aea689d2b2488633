package io.grpcweb.gateway.source.xds;

/** Counts what was put in force, so that what was refused is looked at again only where that may help. On the loop. */
final class Epoch {
    private long count;

    long now() {
        return count;
    }

    void advance() {
        count++;
    }
}
