package io.grpcweb.gateway.filter;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** What all filters of one kind in a gateway have in common, such as a limit of lines in its log: one object a class. */
public final class SharedParts {
    private final Map<Class<?>, Object> parts = new ConcurrentHashMap<>();

    /** The object of this class, which is made when it is first asked for. */
    public <T> T of(Class<T> part, Supplier<T> make) {
        return part.cast(parts.computeIfAbsent(part, key -> make.get()));
    }
}
