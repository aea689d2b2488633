package io.grpcweb.gateway.telemetry.tracing;

import io.grpcweb.gateway.telemetry.export.ProtoWriter;
import java.nio.charset.StandardCharsets;

/** The name of an attribute, ready to be written. */
final class Key {
    private final String name;
    private final byte[] encoded;

    Key(String name) {
        this.name = name;
        this.encoded = new ProtoWriter()
                .oneBytes(1, name.getBytes(StandardCharsets.UTF_8))
                .copy();
    }

    String name() {
        return name;
    }

    /** The field {@code key} of a {@code KeyValue}. */
    byte[] encoded() {
        return encoded;
    }
}
