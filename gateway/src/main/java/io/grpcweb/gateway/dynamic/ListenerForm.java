package io.grpcweb.gateway.dynamic;

import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.FilterConfig;
import io.grpcweb.gateway.config.ListenerConfig;
import io.grpcweb.gateway.config.ListenerConfig.FilterChain;
import io.grpcweb.gateway.config.ListenerConfig.RouteSource;
import io.grpcweb.gateway.config.Resource;
import io.grpcweb.gateway.config.ResourceReader.RouteTable;
import io.grpcweb.gateway.config.RouteConfig;
import io.grpcweb.gateway.config.SecretContent;
import io.grpcweb.gateway.config.TlsConfig.SecretRef;
import io.grpcweb.gateway.source.xds.SourceException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One form of a listener: it waits for its routes and its secrets, and holds them until the next form has taken its place. */
final class ListenerForm implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ListenerForm.class);

    private final Resource resource;
    private final ListenerConfig config;
    private final Instant since = Instant.now();
    private final Runnable looked;
    private final Map<RouteSource, Uses<RouteTable>.Use> routes = new LinkedHashMap<>();
    private final Map<Beside, RouteConfig> bound = new HashMap<>();
    private final SecretUses secrets;
    private final Opening opening;

    /** Routes mean something beside filters only. */
    private record Beside(RouteSource source, List<FilterConfig> filters) {}

    /**
     * Begins to want what it needs.
     *
     * @param listeners where it takes its place
     * @param resource that it is made of; null for one of the configuration
     * @param looked runs whenever something has come that it needs, or has not come in time
     * @throws SourceException says why a source cannot be used
     */
    ListenerForm(Parts parts, ListenerSet listeners, Resource resource, ListenerConfig config, Runnable looked)
            throws SourceException {
        this.resource = resource;
        this.config = config;
        this.looked = looked;
        this.opening = new Opening(listeners, parts.timers, looked);
        List<SecretRef> refs = new ArrayList<>();
        for (FilterChain chain : config.chains()) {
            chain.tls().ifPresent(tls -> refs.addAll(tls.secrets().all()));
        }
        this.secrets = new SecretUses(parts.secrets, refs, ListenerForm::unfit, looked);
        try {
            for (FilterChain chain : config.chains()) {
                if (chain.routes().isPresent()
                        && !routes.containsKey(chain.routes().get())) {
                    use(parts, chain);
                }
            }
        } catch (SourceException e) {
            close();
            throw e;
        }
    }

    /** What certificates of clients would be judged by without looking at all of it. */
    private static Optional<String> unfit(SecretContent secret) {
        return secret instanceof SecretContent.Validation judge ? judge.unfitForClients() : Optional.empty();
    }

    private void use(Parts parts, FilterChain chain) throws SourceException {
        RouteSource source = chain.routes().orElseThrow();
        Uses<RouteTable>.Use use =
                parts.routes.use(source.source(), source.name(), chain.http().statPrefix(), new RouteUser(source));
        routes.put(source, use);
        if (use.value().isPresent()) {
            try {
                bound.putAll(bind(source, use.value().get()));
            } catch (ConfigException e) {
                // They were good beside other filters; here they are none, until they change.
                LOG.warn("lds: listener '{}' has no routes: {}", config.name(), Reasons.of(e));
            }
        }
    }

    private Map<Beside, RouteConfig> bind(RouteSource source, RouteTable table) throws ConfigException {
        Map<Beside, RouteConfig> found = new HashMap<>();
        for (FilterChain chain : config.chains()) {
            if (chain.routes().filter(source::equals).isPresent()) {
                Beside key = new Beside(source, chain.http().filters());
                if (!found.containsKey(key)) {
                    found.put(key, table.beside(key.filters));
                }
            }
        }
        return found;
    }

    /** Whether nothing is waited for. */
    boolean isComplete() {
        return secrets.areSettled() && routes.values().stream().allMatch(Uses.Use::isSettled);
    }

    /**
     * Makes it ready beside what is in force, where that has not been done under the present routes.
     *
     * @throws IOException says what cannot be used
     */
    void prepare() throws IOException {
        if (!opening.isPrepared()) {
            opening.prepare(effective());
        }
    }

    /** Whether it may take its place. */
    boolean isReady() {
        return opening.isReady();
    }

    /** Something else has changed in its place: it has to be made ready anew. */
    void unprepare() {
        opening.abandon();
    }

    /**
     * Takes its place.
     *
     * @throws IOException says what cannot be used; then nothing has changed
     */
    void put() throws IOException {
        opening.put();
    }

    /** What is waited for. */
    List<String> waiting() {
        List<String> names = new ArrayList<>();
        routes.values().stream()
                .filter(use -> !use.isSettled())
                .forEach(use -> names.add("RdsRouteConfigSubscription RDS init " + use.name()));
        secrets.waiting().forEach(name -> names.add("SdsApi " + name));
        if (opening.isPrepared() && !opening.isReady()) {
            names.add("HTTP filters");
        }
        return names;
    }

    /** What is to be in force: the routes that have come are in their places. */
    ListenerConfig effective() {
        List<FilterChain> chains = new ArrayList<>();
        for (FilterChain chain : config.chains()) {
            RouteConfig table = chain.routes()
                    .map(source -> bound.get(new Beside(source, chain.http().filters())))
                    .orElse(null);
            chains.add(table == null ? chain : chain.with(table));
        }
        return config.with(chains);
    }

    Resource resource() {
        return resource;
    }

    ListenerConfig config() {
        return config;
    }

    Instant since() {
        return since;
    }

    @Override
    public void close() {
        opening.abandon();
        routes.values().forEach(Uses.Use::close);
        secrets.close();
    }

    /** The part of it that looks at other routes. */
    private final class RouteUser implements Uses.User<RouteTable> {
        private final RouteSource source;
        private Map<Beside, RouteConfig> next = Map.of();

        RouteUser(RouteSource source) {
            this.source = source;
        }

        @Override
        public Optional<String> refuses(RouteTable table) {
            try {
                next = bind(source, table);
                return Optional.empty();
            } catch (ConfigException e) {
                return Optional.of(Reasons.of(e));
            }
        }

        @Override
        public void changed(RouteTable table) {
            bound.putAll(next);
            opening.abandon();
            looked.run();
        }

        @Override
        public void settled() {
            looked.run();
        }
    }
}
