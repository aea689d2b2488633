package io.grpcweb.gateway.filter.coding;

import com.aayushatharva.brotli4j.Brotli4jLoader;

/** The native code of brotli. */
final class BrotliLibrary {
    private BrotliLibrary() {}

    /** Loads it if it is not there yet. */
    static void load() {
        if (!Brotli4jLoader.isAvailable()) {
            throw new IllegalStateException(
                    "brotli cannot be loaded on this machine: " + Brotli4jLoader.getUnavailabilityCause(),
                    Brotli4jLoader.getUnavailabilityCause());
        }
    }
}
