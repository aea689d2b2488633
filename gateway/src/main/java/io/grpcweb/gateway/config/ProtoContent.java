package io.grpcweb.gateway.config;

import java.util.Arrays;

/** A resource as the bytes of a protobuf message. */
public final class ProtoContent implements Resource.Content {
    private final byte[] bytes;
    private final int hash;

    /** @param bytes which nobody changes from now on */
    public ProtoContent(byte[] bytes) {
        this.bytes = bytes;
        this.hash = Arrays.hashCode(bytes);
    }

    /** Not to be changed. */
    public byte[] bytes() {
        return bytes;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ProtoContent that && hash == that.hash && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
