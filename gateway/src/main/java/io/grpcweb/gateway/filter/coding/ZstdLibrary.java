package io.grpcweb.gateway.filter.coding;

import com.github.luben.zstd.util.Native;

/** The native code of zstd. */
final class ZstdLibrary {
    private ZstdLibrary() {}

    /** Loads it if it is not there yet. */
    static void load() {
        try {
            Native.load();
        } catch (UnsatisfiedLinkError | ExceptionInInitializerError e) {
            throw new IllegalStateException("zstd cannot be loaded on this machine: " + e.getMessage(), e);
        }
    }
}
