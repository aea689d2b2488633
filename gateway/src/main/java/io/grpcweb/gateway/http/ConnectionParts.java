package io.grpcweb.gateway.http;

import java.util.IdentityHashMap;
import java.util.function.Supplier;

/** What filters keep for a downstream connection: one object for each of them, used on the event loop of the connection. */
public final class ConnectionParts {
    private IdentityHashMap<Object, Object> parts;

    /** The object of an owner, which is made when it is first asked for. */
    public <T> T of(Object owner, Class<T> part, Supplier<T> make) {
        if (parts == null) {
            parts = new IdentityHashMap<>(2);
        }
        return part.cast(parts.computeIfAbsent(owner, key -> make.get()));
    }
}
