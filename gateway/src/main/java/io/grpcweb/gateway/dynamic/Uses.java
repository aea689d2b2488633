package io.grpcweb.gateway.dynamic;

import io.grpcweb.gateway.config.ConfigException;
import io.grpcweb.gateway.config.Resource;
import io.grpcweb.gateway.config.ResourceSource;
import io.grpcweb.gateway.config.ResourceType;
import io.grpcweb.gateway.source.xds.Receiver;
import io.grpcweb.gateway.source.xds.SourceException;
import io.grpcweb.gateway.source.xds.Sources;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Resources of one kind that are wanted by name. However many parts use one, it is asked for once and read once.
 *
 * @param <T> what such a resource is when it is read
 */
final class Uses<T> {
    private final Sources sources;
    private final ResourceType type;
    private final Maker<T> maker;
    private final InForce<T> inForce;
    private final Map<Key, Entry> entries = new LinkedHashMap<>();

    private record Key(ResourceSource.Way way, String name) {}

    /** Reads a resource. */
    @FunctionalInterface
    interface Maker<T> {
        T read(Resource resource) throws ConfigException;
    }

    /** Does what is to be done once with a resource, however many use it. */
    @FunctionalInterface
    interface InForce<T> {
        void put(ResourceSource source, String name, T value);
    }

    /** A part that uses a resource. */
    interface User<T> {
        /**
         * Looks at another state of it before that is in force.
         *
         * @return why it is refused, or nothing
         */
        Optional<String> refuses(T value);

        /** Another state is in force. */
        void changed(T value);

        /** Nothing is waited for any longer, whether the resource is there or not. */
        void settled();
    }

    Uses(Sources sources, ResourceType type, Maker<T> maker, InForce<T> inForce) {
        this.sources = sources;
        this.type = type;
        this.maker = maker;
        this.inForce = inForce;
    }

    /**
     * Begins to use one.
     *
     * @param owner whose series count it
     * @throws SourceException says why its source cannot be used
     */
    Use use(ResourceSource source, String name, String owner, User<T> user) throws SourceException {
        Key key = new Key(source.way(), name);
        Entry entry = entries.get(key);
        if (entry == null) {
            entry = new Entry(source, name);
            entry.subscription = sources.subscribe(source, type, name, owner, entry);
            entries.put(key, entry);
        }
        entry.users.add(user);
        return new Use(key, entry, user);
    }

    /** A resource that is used. */
    final class Use implements AutoCloseable {
        private final Key key;
        private final Entry entry;
        private final User<T> user;

        private Use(Key key, Entry entry, User<T> user) {
            this.key = key;
            this.entry = entry;
            this.user = user;
        }

        String name() {
            return key.name;
        }

        /** What it is, where it has come. */
        Optional<T> value() {
            return Optional.ofNullable(entry.value);
        }

        boolean isSettled() {
            return entry.subscription.isSettled();
        }

        @Override
        public void close() {
            entry.users.remove(user);
            if (entry.users.isEmpty() && entries.remove(key, entry)) {
                entry.subscription.close();
            }
        }
    }

    /**
     * A resource for a page.
     *
     * @param resource null while it has not come
     */
    record Seen(String name, Resource resource, Instant since, Refused refused) {}

    List<Seen> all() {
        return entries.entrySet().stream()
                .map(one -> new Seen(
                        one.getKey().name, one.getValue().resource, one.getValue().since, one.getValue().refused))
                .toList();
    }

    /** One that is wanted, and who uses it. */
    private final class Entry implements Receiver {
        private final ResourceSource source;
        private final String name;
        private final List<User<T>> users = new ArrayList<>();
        private Sources.Subscription subscription;
        private Resource resource;
        private Instant since = Instant.now();
        private T value;
        private Refused refused;

        Entry(ResourceSource source, String name) {
            this.source = source;
            this.name = name;
        }

        @Override
        public Map<String, String> changed(List<Resource> changed, Set<String> removed, String version) {
            for (Resource one : changed) {
                Optional<String> problem = take(one);
                if (problem.isPresent()) {
                    refused = new Refused(one, problem.get(), Instant.now());
                    return Map.of(one.name(), problem.get());
                }
            }
            return Map.of();
        }

        private Optional<String> take(Resource next) {
            T read;
            try {
                read = maker.read(next);
            } catch (ConfigException e) {
                return Optional.of(Reasons.of(e));
            }
            Set<String> problems = List.copyOf(users).stream()
                    .flatMap(user -> user.refuses(read).stream())
                    .collect(Collectors.toCollection(LinkedHashSet::new));
            if (!problems.isEmpty()) {
                return Optional.of(String.join("; ", problems));
            }
            value = read;
            resource = next;
            since = Instant.now();
            refused = null;
            inForce.put(source, name, read);
            List.copyOf(users).forEach(user -> user.changed(read));
            return Optional.empty();
        }

        @Override
        public void settled() {
            List.copyOf(users).forEach(User::settled);
        }
    }
}
