package io.grpcweb.gateway.route;

import io.grpcweb.gateway.config.FilterConfig;
import io.grpcweb.gateway.http.HttpFilterFactory;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The factories of the filters of one configuration: one for each setting that the file has, equal ones in different places
 * apart. Those that keep something between calls are handed on to the same settings of the next configuration.
 */
final class FactoryStock {
    private final Function<FilterConfig, HttpFilterFactory> make;
    private final IdentityHashMap<FilterConfig, HttpFilterFactory> factories = new IdentityHashMap<>();
    private final List<Kept> kept = new ArrayList<>();
    private final Map<FilterConfig, Deque<HttpFilterFactory>> inherited = new HashMap<>();

    private record Kept(FilterConfig settings, HttpFilterFactory factory) {}

    /**
     * Without factories.
     *
     * @param before that of the configuration which is replaced, or null
     */
    FactoryStock(Function<FilterConfig, HttpFilterFactory> make, FactoryStock before) {
        this.make = make;
        if (before != null) {
            before.kept.forEach(one -> inherited
                    .computeIfAbsent(one.settings, settings -> new ArrayDeque<>())
                    .add(one.factory));
        }
    }

    HttpFilterFactory of(FilterConfig settings) {
        HttpFilterFactory known = factories.get(settings);
        if (known != null) {
            return known;
        }
        Deque<HttpFilterFactory> same = inherited.get(settings);
        HttpFilterFactory factory = same == null || same.isEmpty() ? make.apply(settings) : same.poll();
        factories.put(settings, factory);
        if (factory.keepsState()) {
            kept.add(new Kept(settings, factory));
        }
        return factory;
    }
}
