package io.grpcweb.gateway.filter.coding;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The encoders and decoders of all filters of one kind: the bounds on what is at work hold for all of them together. */
public final class Codings {
    private final Map<Coding, Encoders> encoders = new ConcurrentHashMap<>();
    private final Map<CodingKind, Decoders> decoders = new ConcurrentHashMap<>();

    /**
     * Encoders with these settings.
     *
     * @throws IllegalStateException where the library of the coding cannot be loaded on this machine
     */
    public Encoders encoders(Coding coding) {
        return encoders.computeIfAbsent(coding, Encoders::of);
    }

    /**
     * Decoders of this coding.
     *
     * @throws IllegalStateException where its library cannot be loaded on this machine
     */
    public Decoders decoders(CodingKind kind) {
        return decoders.computeIfAbsent(kind, Decoders::of);
    }
}
