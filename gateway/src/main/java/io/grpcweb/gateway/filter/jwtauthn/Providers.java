package io.grpcweb.gateway.filter.jwtauthn;

import io.grpcweb.gateway.filter.FilterContext;
import io.grpcweb.gateway.filter.Warming;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Makes the providers of a configuration ready. */
final class Providers {
    private Providers() {}

    static Map<String, Provider> of(JwtAuthnConfig config, JwtAuthnStats stats, FilterContext context) {
        Map<String, Provider> made = new LinkedHashMap<>();
        config.providers().forEach((name, one) -> made.put(name, new Provider(one, keys(one.keys(), stats, context))));
        return made;
    }

    private static KeySource keys(Jwks source, JwtAuthnStats stats, FilterContext context) {
        if (source instanceof Jwks.Local local) {
            try {
                return KeySource.of(KeySet.parse(local.text()));
            } catch (IOException e) {
                throw new IllegalArgumentException("the keys were read with the configuration", e);
            }
        }
        Jwks.Remote remote = (Jwks.Remote) source;
        return context.shared()
                .of(JwksStock.class, JwksStock::new)
                .of(context.http().statPrefix(), remote, () -> fetched(remote, stats, context));
    }

    private static RemoteKeys fetched(Jwks.Remote remote, JwtAuthnStats stats, FilterContext context) {
        RemoteKeys keys = new RemoteKeys(remote, context.calls(), stats, context.nanoTime());
        if (remote.ahead()) {
            context.shared().of(Warming.class, Warming::new).add(keys::begin);
        }
        return keys;
    }
}
