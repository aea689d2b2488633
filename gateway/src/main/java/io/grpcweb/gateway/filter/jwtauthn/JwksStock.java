package io.grpcweb.gateway.filter.jwtauthn;

import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The key sets that a gateway fetches: one for each server, whoever refers to it, also where the configuration is replaced by
 * one that says the same of it. What nobody refers to any more is forgotten.
 */
final class JwksStock {
    private final Map<Key, WeakReference<RemoteKeys>> known = new HashMap<>();

    private record Key(String statPrefix, Jwks.Remote source) {}

    synchronized RemoteKeys of(String statPrefix, Jwks.Remote source, Supplier<RemoteKeys> make) {
        known.values().removeIf(one -> one.get() == null);
        WeakReference<RemoteKeys> found = known.get(new Key(statPrefix, source));
        RemoteKeys keys = found == null ? null : found.get();
        if (keys == null) {
            keys = make.get();
            known.put(new Key(statPrefix, source), new WeakReference<>(keys));
        }
        return keys;
    }
}
