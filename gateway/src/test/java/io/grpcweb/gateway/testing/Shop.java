package io.grpcweb.gateway.testing;

import io.grpcweb.gateway.schema.BadDescriptors;
import io.grpcweb.gateway.schema.ProtoSchema;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The descriptors of {@code shop.proto}: a service whose messages have every kind of field. */
public final class Shop {
    private Shop() {}

    /** The bytes of the set. */
    public static byte[] descriptors() {
        try (InputStream in = ProtoSchema.class.getResourceAsStream("shop.binpb")) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static ProtoSchema schema() {
        try {
            return ProtoSchema.of(descriptors());
        } catch (BadDescriptors e) {
            throw new IllegalStateException(e);
        }
    }
}
